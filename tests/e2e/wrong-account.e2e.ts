import type { Page } from '@playwright/test'
import {
  button,
  countLinks,
  type DemoAddresses,
  expect,
  expectRefusal,
  expectSignedIn,
  openPrompt,
  prove,
  signIn,
  test,
} from '../support/browser/e2e'

async function proveWrongly(page: Page, demo: DemoAddresses) {
  await openPrompt(page, demo)
  await prove(page, 'dee@example.com')
  await expectRefusal(page, 'wrong_account')
}

test.describe('proving another account than the one asked for', () => {
  test('shows which account was used and which was chosen, lets the person try again, and then links', async ({
    page,
    demo,
  }) => {
    await proveWrongly(page, demo)
    const main = page.getByRole('main')
    await expect(main).toContainText('Email and password d••@example.com The account you used', {
      useInnerText: true,
    })
    await expect(main).toContainText('Email and password ann@example.com The account we asked for', {
      useInnerText: true,
    })

    await button(page, 'Try again').click()
    await signIn(page, 'ann@example.com')
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })

  test('lets the login go on unlinked, with the account that it began with', { tag: '@one-site' }, async ({
    page,
    demo,
  }) => {
    await proveWrongly(page, demo)
    await button(page, 'Continue signing in without linking').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    expect(await countLinks(demo)).toBe(0)
  })

  test('offers to sign out of that account, and then comes back to the prompt', async ({ page, demo }) => {
    await proveWrongly(page, demo)
    await page.getByRole('link', { name: 'Sign out of that account' }).click()
    await expect(page).toHaveURL(`${demo.app}/link/prompt`)
    await expect(button(page, 'Link accounts')).toBeVisible()
    await page.goto(`${demo.other}/login`)
    await expect(page.getByRole('textbox', { name: 'Email address' })).toBeVisible()
  })

  test('at a provider shows its list of accounts for the next try', { tag: '@one-site' }, async ({
    page,
    demo,
  }) => {
    // Ann signs in with her password. At Google she then uses a new account of Dee instead of her own.
    await page.goto(`${demo.other}/login`)
    await signIn(page, 'ann@example.com')
    await button(page, 'Link accounts').click()
    await page.getByRole('textbox', { name: 'Email address' }).fill('someone@example.com')
    await page.getByRole('textbox', { name: 'Name' }).fill('Someone Else')
    await button(page, 'Continue').click()
    await expectRefusal(page, 'wrong_account')

    await button(page, 'Try again').click()
    await button(page, 'ann@example.com').click()
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })
})
