import type { BrowserContext, Page } from '@playwright/test'
import {
  button,
  control,
  countLinks,
  type DemoAddresses,
  expect,
  expectAccessibleAlways,
  expectRefusal,
  signIn,
  test,
} from '../support/browser/e2e'

const PATH = '/settings/connected-accounts/browser'
const FIRST = 'Sign in'
const OTHER = 'Sign in to the other account'

// All requests use the tenant's canonical domain, whose certificate the browsers do not trust.
test.use({ ignoreHTTPSErrors: true })

/** Presses a button that opens a window, and returns the window. */
async function openWindow(page: Page, name: string): Promise<Page> {
  const opened = page.waitForEvent('popup')
  await button(page, name).click()
  return opened
}

/** Signs in to a password account, in a window. */
async function signInWithPassword(page: Page, name: string, email: string) {
  await signIn(await openWindow(page, name), email)
}

/** Signs in to Ann's account at Google, in a window. */
async function signInWithGoogle(page: Page, name: string) {
  const window = await openWindow(page, name)
  await button(window, 'Continue with Google').click()
  await button(window, 'ann@example.com').click()
}

const step = (page: Page, title: string) =>
  expect(page.getByRole('heading', { level: 2 })).toHaveText(title, { timeout: 10_000 })

/** Opens the page, and signs Ann in with her password. */
async function openAsAnn(page: Page, demo: DemoAddresses) {
  await page.goto(`${demo.app}${PATH}`)
  await signInWithPassword(page, FIRST, 'ann@example.com')
  await step(page, 'Sign in to the other account')
}

/** Runs {@link openAsAnn}, and proves Ann's account at Google, up to the confirmation. */
async function openQuestion(page: Page, demo: DemoAddresses) {
  await openAsAnn(page, demo)
  await signInWithGoogle(page, OTHER)
  await step(page, 'Link these accounts?')
}

const failLinks = (demo: DemoAddresses, effect: object) =>
  control(demo, 'faults', [{ match: { method: 'POST', path: '/identities$', nth: 1 }, effect }])

/** Fails if the browser or the page still has data of a sign-in. */
async function expectNothingLeft(page: Page, context: BrowserContext) {
  const left = await page.evaluate(() => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    name: window.name,
    cookies: document.cookie,
    search: location.search + location.hash,
  }))
  expect(left).toEqual({ local: {}, session: {}, name: '', cookies: '', search: '' })
  const texts = [await page.content(), await page.evaluate(() => JSON.stringify(history.state))]
  for (const text of texts) expect(text).not.toMatch(/eyJ|ann@example|auth0\||google-oauth2\|/)
  expect((await context.cookies()).filter(({ name }) => name.includes('com.auth0'))).toEqual([])
}

test.describe('linking in the browser alone', () => {
  test('takes two sign-ins and a confirmation, and leaves nothing behind', async ({
    page,
    context,
    demo,
  }) => {
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await openAsAnn(page, demo)
    const main = page.getByRole('main')
    await expect(main).toContainText('Email and password ann@example.com Stays', { useInnerText: true })
    await expect(page.getByRole('heading', { level: 2 })).toBeFocused()
    await expect(page.getByRole('status')).toContainText('Nothing has changed yet.')

    await signInWithGoogle(page, OTHER)
    await step(page, 'Link these accounts?')
    await expect(main).toContainText('Google ann@example.com Will be added', { useInnerText: true })
    await expect(main).toContainText('The first account stays as it is.')
    await expect(main).toContainText(
      'Its saved details, roles, organizations and extra sign-in steps are lost.',
    )
    await expect(main).toContainText('You can’t undo this on this page.')
    expect(await countLinks(demo)).toBe(0)

    await button(page, 'Link accounts').dblclick()
    await step(page, 'Your accounts are linked')
    await expect(page.getByRole('heading', { level: 2 })).toBeFocused()
    await expect(main).not.toHaveAttribute('data-error')
    const calls: { method: string; path: string; sub: string; client_id: string }[] = await (
      await fetch(`${demo.tenant}/_tenant/ledger`)
    ).json()
    expect(calls.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/'))).toMatchObject([
      {
        effect: 'link',
        path: '/api/v2/users/auth0%7Cann/identities',
        sub: 'auth0|ann',
        client_id: 'demo-spa',
      },
    ])
    await expectNothingLeft(page, context)
    expect(complaints).toEqual([])
  })

  test('asks for a new sign-in in both windows, even with a session at the tenant', async ({
    page,
    demo,
  }) => {
    await openAsAnn(page, demo)
    const window = await openWindow(page, OTHER)
    await expect(window.getByRole('textbox', { name: 'Email address' })).toBeVisible()
    await button(page, 'Cancel').click()
    await button(page, 'Start again').click()
    const again = await openWindow(page, FIRST)
    await expect(again.getByRole('textbox', { name: 'Email address' })).toBeVisible()
  })

  test('is accessible and fits a phone of 320 pixels at every step', { tag: '@full' }, async ({
    page,
    demo,
  }) => {
    await page.setViewportSize({ width: 320, height: 640 })
    const look = async () => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
      const heights = await page
        .locator('a, button')
        .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().height))
      expect(heights.filter((height) => height < 44)).toEqual([])
      await expectAccessibleAlways(page)
    }
    await page.goto(`${demo.app}${PATH}`)
    await expect(button(page, FIRST)).toBeEnabled()
    await look()
    const window = await openWindow(page, FIRST)
    await look()
    await window.close()
    await expectRefusal(page, 'popup_closed')
    await look()
    await signInWithPassword(page, FIRST, 'ann@example.com')
    await step(page, 'Sign in to the other account')
    await signInWithGoogle(page, OTHER)
    await step(page, 'Link these accounts?')
    await look()
    await button(page, 'Link accounts').click()
    await step(page, 'Your accounts are linked')
    await look()
  })
})

test.describe('a sign-in window', () => {
  test('that the person closes changes nothing and can be opened again', { tag: '@full' }, async ({
    page,
    context,
    demo,
  }) => {
    await page.goto(`${demo.app}${PATH}`)
    const window = await openWindow(page, FIRST)
    await window.close()
    await expectRefusal(page, 'popup_closed')
    await expectNothingLeft(page, context)
    await signInWithPassword(page, FIRST, 'ann@example.com')
    await step(page, 'Sign in to the other account')
  })

  test('is closed by "Cancel" and after a time limit', { tag: '@full' }, async ({ page, context, demo }) => {
    await page.clock.install()
    await page.goto(`${demo.app}${PATH}`)
    const cancelled = await openWindow(page, FIRST)
    await Promise.all([cancelled.waitForEvent('close'), button(page, 'Cancel').click()])
    await expectRefusal(page, 'popup_closed')

    const slow = await openWindow(page, FIRST)
    await Promise.all([slow.waitForEvent('close'), page.clock.fastForward('10:01')])
    await expectRefusal(page, 'popup_timeout')
    await expectNothingLeft(page, context)
  })

  test('that the browser blocks causes a message that says so', { tag: '@full' }, async ({ page, demo }) => {
    await page.addInitScript(() => {
      window.open = () => null
    })
    await page.goto(`${demo.app}${PATH}`)
    await button(page, FIRST).click()
    await expectRefusal(page, 'popup_blocked')
  })

  test('in which the tenant refuses the sign-in changes nothing', async ({ page, demo, reset }) => {
    await reset({ users: [{ user_id: 'auth0|bob', email: 'bob@example.com', blocked: true }] })
    await page.goto(`${demo.app}${PATH}`)
    await signInWithPassword(page, FIRST, 'bob@example.com')
    await expectRefusal(page, 'sign_in_failed')
    await expect(page.getByRole('main')).not.toContainText('blocked')
  })

  for (const [fault, code, details] of [
    [{ signature: 'wrong' }, 'bad_id_token', {}],
    [{ at_hash: 'missing' }, 'bad_id_token', { tag: '@full' }],
    [{ auth_time: 'old' }, 'reauth_required', { tag: '@full' }],
  ] as const)
    test(
      `whose ID token has ${JSON.stringify(fault)} is refused with ${code}`,
      details,
      async ({ page, demo }) => {
        await control(demo, 'options', { id_token: fault })
        await page.goto(`${demo.app}${PATH}`)
        await signInWithPassword(page, FIRST, 'ann@example.com')
        await expectRefusal(page, code)
        await expect(page.getByRole('main')).not.toContainText('ann@example.com')
      },
    )
})

test.describe('the other account', () => {
  test('is refused if it is the first one, or if its email is not verified', async ({ page, demo }) => {
    await openAsAnn(page, demo)
    await signInWithPassword(page, OTHER, 'ann@example.com')
    await expectRefusal(page, 'same_account')
    await signInWithPassword(page, OTHER, 'cy@example.com')
    await expectRefusal(page, 'unverified')
    await step(page, 'Sign in to the other account')
    expect(await countLinks(demo)).toBe(0)
  })

  test('that is now part of another account is refused', { tag: '@full' }, async ({ page, demo }) => {
    await openQuestion(page, demo)
    await failLinks(demo, { status: 409 })
    await button(page, 'Link accounts').click()
    await expectRefusal(page, 'belongs_to_another')
    await step(page, 'Sign in to the other account')
    await expect(page.getByRole('main')).not.toContainText('Google')
  })
})

test.describe('a link', () => {
  test('that the tenant rate-limits can be requested again', { tag: '@full' }, async ({ page, demo }) => {
    await openQuestion(page, demo)
    await failLinks(demo, { status: 429 })
    await button(page, 'Link accounts').click()
    await expectRefusal(page, 'rate_limited')
    expect(await countLinks(demo)).toBe(0)
    await button(page, 'Link accounts').click()
    await step(page, 'Your accounts are linked')
  })

  test('whose response is lost is found by reading the account', async ({ page, demo }) => {
    await openQuestion(page, demo)
    await failLinks(demo, { drop: 'after' })
    await button(page, 'Link accounts').click()
    await step(page, 'Your accounts are linked')
    expect(await countLinks(demo)).toBe(1)
  })

  test('needs both sign-ins again after the person leaves the page', async ({ page, demo }) => {
    // A browser may keep a page that the person leaves (back/forward cache). This sends the same event without leaving.
    const leave = () =>
      page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    await openQuestion(page, demo)
    await leave()
    await step(page, 'Sign in to the account you want to keep')
    await expect(page.getByRole('main')).not.toContainText('ann@example.com')

    const opened = await openWindow(page, FIRST)
    await Promise.all([opened.waitForEvent('close'), leave()])
    await expect(button(page, 'Cancel')).toBeHidden()
    await expect(page.getByRole('main')).not.toHaveAttribute('data-error')
  })
})

test.describe('the pages of linking in the browser alone', () => {
  test('allow their own windows, and calls to this origin and the tenant', async ({ request, demo }) => {
    const [page, callback] = [
      (await request.get(`${demo.app}${PATH}`)).headers(),
      (await request.get(`${demo.app}${PATH}/callback`)).headers(),
    ]
    expect(page['cross-origin-opener-policy']).toBe('same-origin-allow-popups')
    expect(callback).not.toHaveProperty('cross-origin-opener-policy')
    for (const headers of [page, callback]) {
      expect(headers['content-security-policy']).toContain(`; connect-src 'self' ${demo.tls};`)
      expect(headers['cache-control']).toContain('no-store')
      expect(headers['set-cookie']).toBeUndefined()
    }
  })

  test('are the only ones that load auth0.js', { tag: '@full' }, async ({ page, demo }) => {
    const scripts = new Set<string>()
    page.on('request', (sent) => sent.resourceType() === 'script' && scripts.add(sent.url()))
    const loadsIt = async (path: string) => {
      scripts.clear()
      await page.goto(`${demo.app}${path}`, { waitUntil: 'networkidle' })
      // The page itself reads them, from the browser's cache.
      const texts = await page.evaluate(
        (urls) => Promise.all(urls.map(async (url) => (await fetch(url)).text())),
        [...scripts],
      )
      expect(texts.length).toBeGreaterThan(2)
      return texts.some((text) => text.includes('__winchan_relay_frame'))
    }
    expect(await loadsIt(PATH)).toBe(true)
    for (const path of ['/', '/sign-in-failed', '/nowhere']) expect(await loadsIt(path)).toBe(false)
    await page.goto(`${demo.app}/settings/connected-accounts`)
    await signIn(page, 'dee@example.com')
    await expect(page.getByRole('heading', { level: 1, name: 'Sign-in methods' })).toBeVisible()
    expect(await loadsIt('/settings/connected-accounts')).toBe(false)
  })

  test('remove the tenant’s response from the URL even if no page waits for it', async ({ page, demo }) => {
    await page.goto(`${demo.app}${PATH}/callback#id_token=eyJ.canary.x&state=s`)
    await expect(page).toHaveURL(`${demo.app}${PATH}/callback`)
    await expect(page.getByRole('main')).toContainText('close it and go back to the page that opened it')
    expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain('canary')
    await expectAccessibleAlways(page)
  })

  test('give a response to no other site, even one that opened the window', async ({ page, demo }) => {
    await page.goto(demo.other)
    const heard = await page.evaluate(
      (address) =>
        new Promise<string[]>((resolve) => {
          const messages: string[] = []
          window.addEventListener('message', ({ data, source }) => {
            messages.push(data)
            if (JSON.parse(data).a === 'response') resolve(messages)
            source?.postMessage(JSON.stringify({ a: 'request' }), { targetOrigin: '*' })
          })
          window.open(address)
        }),
      `${demo.app}${PATH}/callback#id_token=eyJ.canary.x&state=s`,
    )
    expect(heard).toHaveLength(2)
    expect(heard[1]).toContain('origin_mismatch')
    expect(heard.join()).not.toContain('canary')
  })

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false })

    test('say that they need JavaScript, and link to the page that does not', async ({ page, demo }) => {
      await page.goto(`${demo.app}${PATH}`)
      await expect(page.locator('noscript p')).toContainText('This page needs JavaScript')
      await expect(page.getByRole('link', { name: 'See your sign-in methods' })).toHaveAttribute(
        'href',
        '/settings/connected-accounts',
      )
    })
  })
})
