import type { Locator, Page } from '@playwright/test'
import { button, countLinks, expect, expectSignedIn, test } from '../support/browser/e2e'

/** Presses Tab until the element has the focus. Fails if an element on the way does not show its focus. */
async function tabTo(page: Page, target: Locator) {
  await target.waitFor()
  for (let pressed = 0; pressed < 40; pressed += 1) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return 'solid 3px'
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return `${outlineStyle} ${outlineWidth}`
    })
    expect(outline).toMatch(/^(solid|auto) [1-9]/)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error('Tab does not lead there')
}

test.describe('with the keyboard alone', () => {
  test('Ann goes through the whole link', async ({ page, demo }) => {
    await page.goto(demo.app)
    await tabTo(page, page.getByRole('link', { name: 'Open the other application' }))
    await page.keyboard.press('Enter')
    await tabTo(page, button(page, 'Continue with Google'))
    await page.keyboard.press('Space')
    await tabTo(page, button(page, 'ann@example.com'))
    await page.keyboard.press('Enter')
    await tabTo(page, button(page, 'Link accounts'))
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByRole('textbox', { name: 'Password' }))
    await page.keyboard.type('correct horse')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Link these accounts?')
    await tabTo(page, button(page, 'Link accounts'))
    await page.keyboard.press('Space')
    await expectSignedIn(page, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })

  test('Bea chooses one of several accounts, and declines', async ({ page, demo }) => {
    await page.goto(`${demo.other}/login?connection=google-oauth2`)
    await tabTo(page, button(page, 'bea@example.com'))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('radio')).toHaveCount(2)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await expect(page.getByRole('radio').first()).toBeChecked()
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('radio').last()).toBeChecked()
    await tabTo(page, button(page, 'Not now'))
    await page.keyboard.press('Space')
    await expectSignedIn(page, demo, 'google-oauth2|bea-g')
  })
})
