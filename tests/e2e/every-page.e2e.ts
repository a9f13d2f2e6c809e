import { visitConsole, visitPages } from '../../scripts/lib/page-tour.mjs'
import { expect, expectAccessibleAlways, expectToFit, test } from '../support/browser/e2e'

/** The names that the tour (`scripts/lib/page-tour.mjs`) gives to its pages, in order. */
const PAGES = [
  'start',
  'not-found',
  'sign-in-failed',
  'no-sign-in',
  'browser-linking',
  'prompt',
  'prompt-details',
  'prompt-languages',
  'wrong-account',
  'confirm',
  'sign-in-methods',
  'disconnect',
  'undo',
  'undone',
  'prompt-several',
  'sign-in-methods-suggestions',
  'sign-in-methods-way-back',
  'connect',
  'connect-wrong-account',
  'console',
  'console-account',
  'console-act',
]

// One test visits all pages, so it has a long time limit, in milliseconds.
test.describe.configure({ timeout: 240_000 })

test('no page has a violation that axe finds in light or dark colors, or scrolls sideways at 320 pixels, or at 640 with text of twice the size', async ({
  page,
  demo,
}) => {
  const browser = await page.context().newCDPSession(page)
  // People may also double only the text size (WCAG 1.4.4), in the browser's settings. `rem` and media queries depend on it.
  const textOf = (size: number) =>
    browser.send('Page.setFontSizes', { fontSizes: { standard: size, fixed: size * 0.8125 } })
  const whole = page.viewportSize() ?? { width: 1280, height: 720 }
  const seen: string[] = []
  const look = async (name: string) => {
    seen.push(name)
    await test.step(name, () => expectAccessibleAlways(page))
    // A zoom of 200 % in a window of 640 pixels gives a page 320 pixels (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 640 })
    await expectToFit(page, name)
    await page.setViewportSize({ width: 640, height: 900 })
    await textOf(32)
    const size = await page.evaluate(() => getComputedStyle(document.body).fontSize)
    expect([name, size]).toEqual([name, '32px'])
    await expectToFit(page, name)
    await textOf(16)
    await page.setViewportSize(whole)
  }
  await visitPages(page, demo, look)
  await visitConsole(page, demo, look)
  expect(seen).toEqual(PAGES)
})
