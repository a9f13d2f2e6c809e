import type { Page } from '@playwright/test'
import {
  button,
  type DemoAddresses,
  expect,
  expectAccessibleAlways,
  expectRefusal,
  signIn,
  test,
} from '../support/browser/e2e'

const PATH = '/settings/connected-accounts'
const OLD = `40${'0'.repeat(40)}`

async function openAsDee(page: Page, demo: DemoAddresses): Promise<void> {
  await page.goto(`${demo.app}${PATH}`)
  await signIn(page, 'dee@example.com')
  await expect(page.getByRole('heading', { level: 1, name: 'Sign-in methods' })).toBeVisible()
}

/** Presses "GitHub" on the page, and signs in to a new GitHub account, up to the confirmation. */
async function proveNewGitHub(page: Page): Promise<void> {
  await button(page, 'GitHub').click()
  await page.getByRole('textbox', { name: 'Email address' }).fill('dee@work.example')
  await page.getByRole('textbox', { name: 'Name' }).fill('Dee Dunn')
  await button(page, 'Continue').click()
  await expect(page.getByRole('heading', { name: 'Connect these accounts?' })).toBeVisible()
}

/** Follows the start page: Bea connects her GitHub account, sees what was carried over, and undoes the link. */
async function connectAndUndo(page: Page, demo: DemoAddresses): Promise<void> {
  await page.goto(demo.app)
  await page.getByRole('link', { name: 'Open the sign-in methods' }).click()
  await signIn(page, 'bea@example.com')
  await button(page, 'Not now').click()
  await page.getByRole('button', { name: /^Connect: GitHub/ }).click()
  await button(page, 'bea@example.com').click()
  await expect(page.getByText('Copied to the account that stays: editor and newsletter.')).toBeVisible()
  await button(page, 'Connect').click()

  await expect(page.getByRole('status')).toHaveText(/^Connected\./)
  const methods = page.getByRole('region', { name: '2 sign-in methods' })
  await expect(methods.getByRole('listitem')).toHaveText([/Main/, /GitHub.*Added on .* on this page/])
  await page.getByRole('link', { name: 'Undo: GitHub, bea@example.com' }).click()
  await expect(page.getByText('The separate account gets back: editor and newsletter.')).toBeVisible()
  await button(page, 'Undo').click()
  await expect(page.getByRole('status')).toHaveText(/^Undone\./)
  await expect(page.getByRole('heading', { name: '1 sign-in method' })).toBeVisible()
}

test.describe('connecting an account', () => {
  test('works as the start page describes, and so does undoing it', async ({ page, demo }) => {
    await connectAndUndo(page, demo)
  })

  test('tells a screen reader the result of each step', async ({ page, demo }) => {
    await openAsDee(page, demo)
    await proveNewGitHub(page)
    await button(page, 'Connect').click()
    await expect(page.getByRole('status')).toBeFocused()
    await expect(page).toHaveTitle(/^Connected\..*Sign-in methods/)
  })

  test('is accessible and fits a phone on each of its pages', { tag: '@full' }, async ({ page, demo }) => {
    await page.setViewportSize({ width: 320, height: 640 })
    const check = async () => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
      await expectAccessibleAlways(page)
    }
    await openAsDee(page, demo)
    await proveNewGitHub(page)
    await check()
    await button(page, 'Connect').click()
    await expect(page.getByRole('status')).toHaveText(/^Connected\./)
    await check()
    await page.getByRole('link', { name: /^Disconnect: GitHub/ }).click()
    await expect(page.getByRole('heading', { name: 'Disconnect GitHub?' })).toBeVisible()
    await check()
    await page.goto(`${demo.app}${PATH}`)
    await page.getByRole('button', { name: /^Email and password/ }).click()
    await signIn(page, 'dee@example.com')
    await expectRefusal(page, 'same_account')
    await check()
  })

  test('leads a person without a session to the sign-in, in the same window', async ({ page, demo }) => {
    await openAsDee(page, demo)
    await proveNewGitHub(page)
    await page.context().clearCookies()
    await button(page, 'Connect').click()
    await expect(page.getByRole('textbox', { name: 'Password' })).toBeVisible()
    expect(new URL(page.url()).origin).toBe(demo.tenant)
  })

  test('shows a message if a new build was deployed meanwhile, and continues after a reload', async ({
    page,
    demo,
  }) => {
    await openAsDee(page, demo)
    await proveNewGitHub(page)
    // Let the request name a server action of another build.
    await page.route(`${demo.app}${PATH}/**`, (route) => {
      const headers = route.request().headers()
      return route.continue({
        headers: { ...headers, ...(headers['next-action'] && { 'next-action': OLD }) },
      })
    })
    await button(page, 'Connect').click()
    await expectRefusal(page, 'outdated')
    await page.unrouteAll()
    await page.getByRole('link', { name: 'Reload the page' }).click()
    await button(page, 'Connect').click()
    await expect(page.getByRole('status')).toHaveText(/^Connected\./)
  })

  test('counts a double click once', async ({ page, demo }) => {
    await openAsDee(page, demo)
    await proveNewGitHub(page)
    await button(page, 'Connect').dblclick()
    await expect(page.getByRole('heading', { name: '2 sign-in methods' })).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  })

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false })

    test('works the same', async ({ page, demo }) => {
      await connectAndUndo(page, demo)
    })
  })
})
