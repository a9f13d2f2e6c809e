import type { Page } from '@playwright/test'
import { findAccount, signInToConsole } from '../support/browser/console'
import {
  button,
  type DemoAddresses,
  expect,
  expectAccessibleAlways,
  expectSignedIn,
  expectToFit,
  openConfirm,
  signIn,
  test,
} from '../support/browser/e2e'

/** Links Ann's accounts at a login, and opens her account in the console. */
async function openAnn(page: Page, demo: DemoAddresses): Promise<void> {
  await openConfirm(page, demo)
  await button(page, 'Link accounts').click()
  await expectSignedIn(page, demo, 'auth0|ann')
  await page.context().clearCookies()
  await signInToConsole(page, demo)
  await findAccount(page, demo, 'ann@example.com')
  await expect(page.getByRole('heading', { name: 'ann@example.com' })).toBeVisible()
}

for (const [javaScriptEnabled, details] of [
  [true, {}],
  [false, { tag: '@full' }],
] as const)
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', details, () => {
    test.use({ javaScriptEnabled })

    // The drill of docs/operate.md: "a customer says a stranger's Google account is in theirs".
    test('an operator finds a link, looks at it, and undoes it with a reason', async ({ page, demo }) => {
      await openAnn(page, demo)
      await expect(page.getByRole('region', { name: 'Identities' })).toContainText('google-oauth2|ann-g')
      await expect(page.getByRole('region', { name: 'Snapshots' })).toContainText('proof: login')
      await button(page, 'Undo this link').click()
      await expect(page.getByText('google-oauth2|ann-g leaves auth0|ann')).toBeVisible()
      await page.getByRole('textbox', { name: 'Reason' }).fill('Ticket 4711')
      await button(page, 'Undo this link').click()
      await expect(page.getByRole('status')).toHaveText('The link is undone.')
      await expect(page.getByRole('region', { name: 'Identities' })).not.toContainText('google-oauth2|ann-g')
      await expect(page.getByRole('region', { name: 'Journal' })).toContainText('restored')
    })
  })

test.describe('the pages of the console', () => {
  test('have no violation that axe finds, and fit a phone', { tag: '@full' }, async ({ page, demo }) => {
    await openAnn(page, demo)
    const address = page.url()
    await button(page, 'Undo this link').click()
    for (const url of [page.url(), address, `${demo.app}/console`]) {
      await page.goto(url)
      // Open all details: on the first page they contain the funnel's table, which is wider than a phone.
      for (const details of await page.locator('summary').all()) await details.click()
      await expectAccessibleAlways(page)
      await page.setViewportSize({ width: 320, height: 640 })
      await expectToFit(page)
      await page.setViewportSize({ width: 1280, height: 900 })
    }
  })

  test('are not found for a person who signs in without the permission', async ({ page, demo }) => {
    await page.goto(`${demo.app}/console/sign-in`)
    await signIn(page, 'dee@example.com')
    await page.getByRole('textbox', { name: 'One-time code' }).fill('000000')
    await button(page, 'Continue').click()
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible()
  })
})
