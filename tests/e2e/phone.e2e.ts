import type { Page } from '@playwright/test'
import {
  button,
  expect,
  expectAccessible,
  expectRefusal,
  expectSignedIn,
  openConfirm,
  openPrompt,
  prove,
  test,
} from '../support/browser/e2e'

test.use({ viewport: { width: 360, height: 640 } })

/** Fails if the page is wider than the screen, if a control is less than 44 pixels high, or if axe finds a violation. */
async function expectToFit(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  const low = await page
    .locator('a, button, label, summary')
    .evaluateAll((elements) =>
      elements
        .map((element) => ({ words: element.textContent, height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    )
  expect(low).toEqual([])
  await expectAccessible(page)
}

test.describe('on a phone of 360 pixels', () => {
  test('the prompt and the confirmation fit', async ({ page, demo }) => {
    await openPrompt(page, demo)
    await expectToFit(page)
    await prove(page)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Link these accounts?')
    await expectToFit(page)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
  })

  test('a prompt with several accounts fits', { tag: '@full' }, async ({ page, demo }) => {
    await openPrompt(page, demo, { email: 'bea@example.com' })
    await expect(page.getByRole('radio')).toHaveCount(2)
    await expectToFit(page)
  })

  test('the page about a wrong account fits, and so does the prompt after it', { tag: '@full' }, async ({
    page,
    demo,
  }) => {
    await openPrompt(page, demo)
    const prompt = page.url()
    await prove(page, 'dee@example.com')
    await expectRefusal(page, 'wrong_account')
    await expectToFit(page)
    await page.goto(prompt)
    await expect(page.getByRole('link', { name: 'Sign out of that account' })).toBeVisible()
    await expectToFit(page)
  })

  test('the page about a finished flow fits', { tag: '@full' }, async ({ page, demo }) => {
    await openConfirm(page, demo)
    await button(page, 'Not now').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    await page.goBack()
    await expectRefusal(page, 'already_used')
    await expectToFit(page)
  })
})
