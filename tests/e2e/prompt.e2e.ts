import type { Page, Request } from '@playwright/test'
import { button, expect, openConfirm, openPrompt, test } from '../support/e2e'

const ANSWERS = ['Link accounts', 'Not now', 'Don’t ask again']

/** How a button looks, without its position. */
const lookOf = (page: Page, name: string) =>
  button(page, name).evaluate((element) => {
    const { width, height } = element.getBoundingClientRect()
    const { backgroundColor, color, border, fontSize, fontWeight, opacity } = getComputedStyle(element)
    return { width, height, backgroundColor, color, border, fontSize, fontWeight, opacity }
  })

/** Luminance contrast of two colors as `getComputedStyle` writes them. */
function contrast(...colors: [string, string]): number {
  const [dark = 0, light = 0] = colors
    .map((color) => {
      const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
        const value = Number(part) / 255
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    })
    .sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

for (const [name, open] of Object.entries({ prompt: openPrompt, 'last question': openConfirm }))
  for (const colorScheme of ['light', 'dark'] as const)
    test(`gives the three answers of the ${name} one size and contrast when it is ${colorScheme}`, async ({
      page,
      demo,
    }) => {
      await page.emulateMedia({ colorScheme })
      await open(page, demo)
      const looks = await Promise.all(ANSWERS.map((answer) => lookOf(page, answer)))
      expect(looks[1]).toEqual(looks[0])
      expect(looks[2]).toEqual(looks[0])
      expect(contrast(looks[0]?.color ?? '', looks[0]?.backgroundColor ?? '')).toBeGreaterThanOrEqual(4.5)
    })

test.describe('the prompt on the wire', () => {
  test('is one document without script, under 14 kB with its headers', async ({ page, demo }) => {
    await openPrompt(page, demo)
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    await page.reload({ waitUntil: 'networkidle' })
    expect(requests.length).toBeLessThanOrEqual(2)
    const sizes = await Promise.all(requests.map((request) => request.sizes()))
    const total = sizes.reduce((sum, size) => sum + size.responseHeadersSize + size.responseBodySize, 0)
    expect(total).toBeGreaterThan(1_000)
    expect(total).toBeLessThan(14_000)
    expect(await page.locator('script').count()).toBe(0)
  })
})

test('names the accounts and the application before any answer can be reached', async ({ page, demo }) => {
  await openPrompt(page, demo)
  const [main, first] = await Promise.all([
    page.getByRole('main').innerText(),
    button(page, 'Link accounts').innerText(),
  ])
  const before = main.slice(0, main.lastIndexOf(first))
  for (const words of ['Google', 'Other Company', 'e-mail and password', 'stays', 'carried over', 'Roles'])
    expect(before).toContain(words)
  expect(main).not.toContain('ann@example.com')
})
