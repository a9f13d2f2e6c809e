/**
 * Goes through the demo and visits every page that people see. On the application's pages it works in any language, because
 * it finds buttons and links there by their HTML, not by their words.
 * @module
 */

const PASSWORD = 'correct horse'
const PAGE = '/settings/connected-accounts'

/**
 * Visits every page apart from the console's.
 *
 * @param {import('@playwright/test').Page} page - A new browser page.
 * @param {{ app: string, other: string, tenant: string }} demo - The URLs of the demo.
 * @param {(name: string) => Promise<void>} show - Called on every page, with its name.
 */
export async function visitPages(page, demo, show) {
  const { main, visit, login, signIn, reset } = createTourHelpers(page, demo, show)

  await reset()
  await visit('start', () => page.goto(demo.app))
  await visit('not-found', () => page.goto(`${demo.app}/nowhere`))
  await visit('sign-in-failed', () => page.goto(`${demo.app}/sign-in-failed?code=no_flow`))
  await visit('no-sign-in', () => page.goto(`${demo.app}/link/prompt`))
  await visit('browser-linking', () => page.goto(`${demo.app}${PAGE}/browser`))

  await visit('prompt', () => login('ann@example.com'))
  await visit('prompt-details', () => page.locator('summary').click())
  await visit('prompt-languages', () => page.locator('.languages button').click())
  await main()
  await visit('wrong-account', () => signIn('dee@example.com', `${demo.app}/link/wrong-account**`))
  await main()
  await visit('confirm', () => signIn('ann@example.com', `${demo.app}/link/confirm**`))
  await main()
  await page.waitForURL(`${demo.other}/**`)
  await visit('sign-in-methods', () => page.goto(`${demo.app}${PAGE}`))
  await visit('disconnect', async () => page.goto(await hrefOf(page, 'a[href*="/disconnect?"]', demo)))
  await page.goBack()
  await visit('undo', async () => page.goto(await hrefOf(page, 'a[href*="undo=1"]', demo)))
  await visit('undone', async () => {
    await main()
    await page.waitForURL(`${demo.app}${PAGE}?done=**`)
  })

  await reset()
  await visit('prompt-several', () => login('bea@example.com'))
  await page.locator('.pair button').first().click()
  await page.waitForURL(`${demo.other}/**`)
  await visit('sign-in-methods-suggestions', async () => {
    await page.goto(`${demo.app}${PAGE}`)
    await page.waitForURL(`${demo.app}/**`)
  })
  await visit('sign-in-methods-way-back', async () => {
    await page.goto(demo.other)
    await page.goto(await hrefOf(page, 'a[href*="return_to="]', demo))
  })
  await page.locator('button[name=connection][value=github]').click()
  await visit('connect', async () => {
    await page.getByRole('button', { name: 'bea@example.com' }).click()
    await page.waitForURL(`${demo.app}${PAGE}/confirm**`)
  })
  await page.goto(`${demo.app}${PAGE}`)
  await page.locator('.acts form:last-child button').first().click()
  await visit('connect-wrong-account', () => signIn('dee@example.com', `${demo.app}${PAGE}/wrong-account**`))
}

/**
 * Visits every page of the operators' console, which is English only. At the end an operator is signed in to it.
 *
 * @param {import('@playwright/test').Page} page - A browser page.
 * @param {{ app: string, other: string, tenant: string }} demo - The URLs of the demo.
 * @param {(name: string) => Promise<void>} show - Called on every page, with its name.
 */
export async function visitConsole(page, demo, show) {
  const { main, visit, login, signIn, reset } = createTourHelpers(page, demo, show)
  await reset()
  await login('ann@example.com')
  await main()
  await signIn('ann@example.com', `${demo.app}/link/confirm**`)
  await main()
  await page.waitForURL(`${demo.other}/**`)
  await page.context().clearCookies()
  await page.goto(`${demo.app}/console/sign-in`)
  await signIn('olga@example.com', '**/u/mfa**')
  await page.getByRole('textbox', { name: 'One-time code' }).fill('000000')
  await visit('console', async () => {
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await page.waitForURL(`${demo.app}/console`)
  })
  await page.locator('#what').fill('ann@example.com')
  await visit('console-account', async () => {
    await page.locator('form .main').click()
    await page.waitForURL(`${demo.app}/console/person/**`)
  })
  await visit('console-act', async () => {
    await page.locator('.tile .acts button').first().click()
    await page.waitForURL(`${demo.app}/console/act**`)
  })
}

async function hrefOf(page, selector, demo) {
  return new URL(await page.locator(selector).first().getAttribute('href'), demo.app).href
}

/**
 * Links two accounts, and visits the mail about that and the pages to which the mail leads ("This wasn't me").
 *
 * @param {import('@playwright/test').Page} page - A new browser page.
 * @param {{ app: string, other: string, tenant: string }} demo - The URLs of the demo.
 * @param {(name: string) => Promise<void>} show - Called on every page, with its name.
 * @param {string} email - Email address of a password account and a Google account. It must have got at most three mails
 *   today, because this sends two and the service sends no more than five a day.
 */
export async function visitMails(page, demo, show, email) {
  const { main, visit, login, signIn } = createTourHelpers(page, demo, show)
  const mails = async (count) => {
    for (;;) {
      const sent = await (await fetch(`${demo.tenant}/_tenant/mails?to=${encodeURIComponent(email)}`)).json()
      if (sent.length >= count) return sent
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const report = ({ text }) => /https?:\S+\/not-me\?token=\S+/.exec(text)?.[0] ?? ''

  await login(email)
  await main()
  await signIn(email, `${demo.app}/link/confirm**`)
  await main()
  await page.waitForURL(`${demo.other}/**`)
  const [linked] = await mails(1)
  await page.goto('about:blank')
  await visit('mail', () => page.setContent(linked.html))
  await visit('not-me', () => page.goto(report(linked)))
  await visit('not-me-done', main)
  await visit('not-me-stale', () => page.goto(`${demo.app}/not-me?token=x`))
  const restored = (await mails(2)).at(-1)
  await visit('not-me-sign-out', () => page.goto(report(restored)))
  await visit('not-me-signed-out', main)
}

/** Returns the functions with which the tours act on a page. `main` presses the main button or link of the page. */
function createTourHelpers(page, demo, show) {
  const main = () => page.locator('main form .main, main a.main').first().click()
  const visit = async (name, act) => {
    await act()
    await page.waitForLoadState('load')
    await show(name)
  }
  const login = async (email) => {
    await page.goto(`${demo.other}/login?connection=google-oauth2`)
    await page.getByRole('button', { name: email }).click()
    await page.waitForURL(`${demo.app}/link/prompt**`)
  }
  const signIn = async (email, until) => {
    await page.getByRole('textbox', { name: 'Email address' }).fill(email)
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await page.waitForURL(until)
  }
  const reset = async () => {
    await fetch(`${demo.tenant}/_tenant/reset`, { method: 'POST' })
    await page.context().clearCookies()
  }
  return { main, visit, login, signIn, reset }
}
