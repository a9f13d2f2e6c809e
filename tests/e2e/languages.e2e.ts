import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { visitPages } from '../../scripts/lib/page-tour.mjs'
import { expect, expectAccessible, expectToFit, openPrompt, test } from '../support/browser/e2e'

const TAGS = readdirSync(join(import.meta.dirname, '../../messages'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
/** Most bytes of the prompt: the document and its headers, without a logo. */
const MAX_PROMPT = 12_000
/** One language that is written from right to left, and one without spaces between its words. */
const FAR_FROM_ENGLISH = ['ar', 'ja']
/** The languages in which axe checks the prompt; in the others it would see only other words. */
const CHECKED = ['de', ...FAR_FROM_ENGLISH]
/** Number of languages in one test: one flow may show only a limited number of pages in a minute. */
const AT_ONCE = 7

test.use({ viewport: { width: 360, height: 640 } })

/** Opens the current page again in a language, and returns the response. */
async function showIn(page: Page, tag: string) {
  const url = new URL(page.url())
  url.searchParams.set('lang', tag)
  const response = await page.goto(url.href)
  await expect(page.locator('html')).toHaveAttribute('lang', tag)
  return response
}

/** Fails if the page is wider than a screen of 320 pixels, or than one of 640 pixels with text of twice the size. */
async function expectToReflow(page: Page) {
  await page.setViewportSize({ width: 320, height: 640 })
  await expectToFit(page)
  await page.setViewportSize({ width: 640, height: 640 })
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
  await expectToFit(page)
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'))
  await page.setViewportSize({ width: 360, height: 640 })
}

for (const start of Array.from(
  { length: Math.ceil(TAGS.length / AT_ONCE) },
  (_none, index) => index * AT_ONCE,
)) {
  const tags = TAGS.slice(start, start + AT_ONCE)
  test(`the prompt shows its three buttons on the first screen of a phone, in ${tags.join(', ')}`, async ({
    page,
    demo,
  }) => {
    await openPrompt(page, demo)
    for (const tag of tags) {
      const response = await showIn(page, tag)
      const { responseHeadersSize, responseBodySize } = (await response?.request().sizes()) ?? {}
      expect((responseHeadersSize ?? 0) + (responseBodySize ?? Number.NaN), tag).toBeLessThan(MAX_PROMPT)
      await expect(page.locator('html')).toHaveAttribute('dir', /^(ar|he)$/.test(tag) ? 'rtl' : 'ltr')
      const ends = await page
        .locator('main button')
        .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().bottom))
      expect(ends, tag).toHaveLength(3)
      expect(Math.max(...ends), tag).toBeLessThanOrEqual(640)
      if (CHECKED.includes(tag)) await expectAccessible(page)
      await expectToReflow(page)
    }
  })
}

for (const locale of FAR_FROM_ENGLISH)
  test(`axe finds no violation on any page, and every page reflows, in ${locale}`, { tag: '@full' }, async ({
    browser,
    demo,
  }) => {
    test.setTimeout(120_000)
    const page = await browser.newPage({
      locale,
      ignoreHTTPSErrors: true,
      viewport: { width: 360, height: 640 },
    })
    await visitPages(page, demo, async () => {
      await expectAccessible(page)
      await expectToReflow(page)
    })
    await page.close()
  })
