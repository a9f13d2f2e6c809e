import type { Page } from '@playwright/test'
import { button, countLinks, type DemoAddresses, expect, expectSignedIn, test } from '../support/browser/e2e'

/** Takes the tour, step by step as the start page describes it. */
async function takeTour(page: Page, demo: DemoAddresses) {
  await page.goto(demo.app)
  await page.getByRole('link', { name: 'Open the other application' }).click()
  await button(page, 'Continue with Google').click()
  await button(page, 'ann@example.com').click()

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Is this account yours too?')
  await expect(page.getByRole('main')).toContainText('Email and password')
  await button(page, 'Link accounts').click()

  await expect(page.getByRole('textbox', { name: 'Email address' })).toHaveValue('ann@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse')
  await button(page, 'Continue').click()

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Link these accounts?')
  expect(await countLinks(demo)).toBe(0)
  await button(page, 'Link accounts').click()

  await expectSignedIn(page, demo, 'auth0|ann')
  expect(await countLinks(demo)).toBe(1)

  await page.goto(demo.app)
  await page.getByRole('link', { name: 'Ann’s sign-in methods' }).click()
  await expect(page.getByRole('heading', { name: '2 sign-in methods' })).toBeVisible()
  const methods = page.getByRole('region', { name: '2 sign-in methods' })
  await expect(methods.getByRole('listitem')).toHaveText([/Email and password.*Main/, /Google/])

  await page.goto(demo.app)
  await page.getByRole('link', { name: 'The inspector' }).click()
  const changes = page.getByRole('region', { name: 'Changed since the last reset' })
  await expect(changes).toContainText('google-oauth2|ann-g into auth0|ann')
  await expect(changes).toContainText('2 ways in')
}

test.describe('the tour of the start page', () => {
  test('ends signed in, as one person with two sign-in methods', async ({ page, demo }) => {
    await takeTour(page, demo)

    await test.step('and another person can sign in after the sign-out on the start page', async () => {
      await page.goto(demo.app)
      await page.getByRole('link', { name: 'sign out' }).click()
      await expect(page).toHaveURL(`${demo.app}/`)
      await page.getByRole('link', { name: 'Open the other application' }).click()
      await expect(button(page, 'Continue with Google')).toBeVisible()
    })

    await test.step('and both sign-in methods open the same account, without another prompt', async () => {
      await page.context().clearCookies()
      await page.goto(`${demo.other}/login?connection=google-oauth2`)
      await button(page, 'ann@example.com').click()
      await expectSignedIn(page, demo, 'auth0|ann')
    })
  })

  test.describe('without JavaScript', { tag: '@one-site' }, () => {
    test.use({ javaScriptEnabled: false })

    test('works the same', async ({ page, demo }) => {
      await takeTour(page, demo)
    })
  })
})
