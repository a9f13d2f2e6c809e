import type { Page, Request } from '@playwright/test'
import { button, expect, openConfirm, openPrompt, test } from '../support/browser/e2e'

const ANSWERS = ['Link accounts', 'Not now', 'Don’t ask again']

/** The size and the colors of a button, without its position. */
const lookOf = (page: Page, name: string) =>
  button(page, name).evaluate((element) => {
    const { width, height } = element.getBoundingClientRect()
    const { backgroundColor, color, border, fontSize, fontWeight, opacity } = getComputedStyle(element)
    return { width, height, backgroundColor, color, border, fontSize, fontWeight, opacity }
  })

/** The contrast ratio (WCAG 2) of two colors in the format of `getComputedStyle`. */
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
    test(`the three buttons of the ${name} have one height and enough contrast, and the two that decline look alike, when it is ${colorScheme}`, async ({
      page,
      demo,
    }) => {
      await page.emulateMedia({ colorScheme })
      await open(page, demo)
      const looks = await Promise.all(ANSWERS.map((answer) => lookOf(page, answer)))
      const [link, notNow, never] = looks
      expect(never).toEqual(notNow)
      for (const { height, fontSize, opacity, color, backgroundColor } of looks) {
        expect([height, fontSize, opacity]).toEqual([link?.height, link?.fontSize, '1'])
        expect(contrast(color, backgroundColor)).toBeGreaterThanOrEqual(4.5)
      }
    })

test.describe('the response with the prompt', () => {
  test('is one document without script, under 8 kB with its headers', async ({ page, demo }) => {
    await openPrompt(page, demo)
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    await page.reload({ waitUntil: 'networkidle' })
    expect(requests.length).toBeLessThanOrEqual(2)
    const sizes = await Promise.all(requests.map((request) => request.sizes()))
    const total = sizes.reduce((sum, size) => sum + size.responseHeadersSize + size.responseBodySize, 0)
    expect(total).toBeGreaterThan(1_000)
    expect(total).toBeLessThanOrEqual(8_192)
    expect(await page.locator('script').count()).toBe(0)
  })
})

test('the prompt names the accounts, the application and the next step before its buttons', async ({
  page,
  demo,
}) => {
  await openPrompt(page, demo)
  const [main, first] = await Promise.all([
    page.getByRole('main').innerText(),
    button(page, 'Link accounts').innerText(),
  ])
  const before = main.slice(0, main.lastIndexOf(first))
  for (const words of ['Google', 'Other Company', 'Email and password', 'sign in to the other once'])
    expect(before).toContain(words)
})

test('the details of the prompt say what stays, what is copied, and how to undo the link', async ({
  page,
  demo,
}) => {
  await openPrompt(page, demo)
  const details = page.locator('details')
  await expect(details.getByText('copied')).toBeHidden()
  await page.getByText('What happens if you link accounts').click()
  for (const words of ['account stays', 'copied', 'undo']) await expect(details).toContainText(words)
  await expect(details.getByText('copied')).toBeVisible()
})

test.describe('on the first screen of a phone', () => {
  test.use({ viewport: { width: 360, height: 640 } })

  test('all three buttons of the prompt are fully visible, and the page is not wider than the screen', async ({
    page,
    demo,
  }) => {
    await openPrompt(page, demo)
    const boxes = await Promise.all(ANSWERS.map((answer) => button(page, answer).boundingBox()))
    for (const box of boxes) {
      if (!box) throw new Error('an answer is not shown')
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width).toBeLessThanOrEqual(360)
      expect(box.y + box.height).toBeLessThanOrEqual(640)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  })
})
