import en from '@/messages/en.json' with { type: 'json' }
import { button, expect, expectAccessibleAlways, signIn, test } from '../support/browser/e2e'

const { settings } = en

test.describe('the way back to an application', () => {
  test('stays on the page after forms that a script submits, and leads back', async ({ page, demo }) => {
    await page.goto(`${demo.other}/`)
    await page.getByRole('link', { name: 'Sign-in methods' }).click()
    await signIn(page, 'bea@example.com')
    await button(page, 'Not now').click()
    const back = page.getByRole('link', { name: 'Back to Other Company' })
    await expect(back).toHaveAttribute('href', `${demo.other}/`)
    await expectAccessibleAlways(page)

    const posted: (string | null)[] = []
    page.on('request', async (request) => {
      if (request.method() === 'POST') posted.push(await request.headerValue('next-action'))
    })
    await page.getByRole('button', { name: settings.declined.takeBack }).first().click()
    await expect(page.getByRole('status')).toHaveText(settings.done.taken_back)
    await expect(back).toBeVisible()
    await page.getByRole('button', { name: settings.suggestions.isNotMe }).first().click()
    await expect(page.getByRole('status')).toHaveText(settings.done.declined)
    await expect(back).toBeVisible()
    expect(posted).toEqual([expect.any(String), expect.any(String)])

    await page.reload()
    await back.click()
    await expect(page).toHaveURL(`${demo.other}/`)
  })
})
