import { expect, expectAccessible, test } from '../support/browser/e2e'

test.describe('the start page', () => {
  test('offers the tour and leads to the other application', async ({ page, demo }) => {
    await page.goto(demo.app)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page)
    await expect(page.getByRole('link', { name: 'The inspector' })).toHaveAttribute(
      'href',
      `${demo.tenant}/_tenant/`,
    )
    await page.getByRole('link', { name: 'Open the other application' }).click()
    await expect(page.getByRole('button', { name: 'Continue with Google' })).toBeVisible()
  })
})

test.describe('an address that does not exist', () => {
  test('says so, with a policy that its own scripts obey', async ({ page, demo }) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text())
    })
    const response = await page.goto(`${demo.app}/nowhere`)
    expect(response?.status()).toBe(404)
    await expect(page.locator('main')).toHaveAttribute('data-error', 'not_found')
    await page.waitForLoadState('networkidle')
    expect(complaints).toEqual([])
    // Last: axe may put a copy of the page's style sheet into the page, which the policy forbids.
    await expectAccessible(page)
  })
})
