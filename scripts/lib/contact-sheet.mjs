/**
 * One picture of the prompt and the page "Sign-in methods" in every available browser, over TLS.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs'
import { startDemo } from './demo-world.mjs'
import { parseOptions } from './options.mjs'
import { loadTypeScript } from './typescript.mjs'

/** The longest wait until a page shows certain words, in milliseconds. */
const WAIT_TIMEOUT_MS = 15_000
const SHOTS = ['prompt', 'sign-in-methods']

/**
 * Takes each browser through the demo, and writes a picture for each page and browser, and `contact-sheet.png` with all
 * of them side by side.
 *
 * @param {string[]} names - The browsers: `chromium`, `firefox`, `webkit`.
 * @param {string} folder - The folder for the pictures; created if it does not exist.
 * @throws {Error} If a browser does not reach the two pages.
 */
export async function takeContactSheet(names, folder) {
  mkdirSync(folder, { recursive: true })
  const { chromium } = await import('@playwright/test')
  const { startOtherBrowser } = await loadTypeScript('tests/support/browser/other-browsers.ts')
  const { trust } = await loadTypeScript('tests/support/browser/trust.ts')
  const demo = await startDemo(parseOptions(['--app-tls', '--tenant-tls-login'], process.env))
  trust(demo.ca)
  try {
    for (const name of names) {
      const browser = await (name === 'chromium' ? startChromium(chromium) : startOtherBrowser(name))
      try {
        await fetch(`${demo.tenant}/_tenant/reset`, { method: 'POST' })
        await walk(browser, demo, async (shot) => {
          writeFileSync(join(folder, `${shot}-${name}.png`), await browser.screenshot())
        })
      } finally {
        await browser.close()
      }
    }
  } finally {
    await demo.close()
  }
  await putTogether(chromium, SHOTS, names, folder)
}

/** Goes through the demo as Ann, who has two accounts: from the prompt to the page "Sign-in methods". */
async function walk(browser, demo, take) {
  await browser.goto(`${demo.other}/login?connection=google-oauth2`)
  await browser.press('ann@example.com')
  await untilSaid(browser, 'Is this account yours too?')
  await take('prompt')
  await browser.press('Link accounts')
  await browser.fill('Email address', 'ann@example.com')
  await browser.fill('Password', 'correct horse')
  await browser.press('Continue')
  await untilSaid(browser, 'Link these accounts?')
  await browser.press('Link accounts')
  await untilSaid(browser, '"sub": "auth0|ann"')
  await browser.goto(`${demo.app}/settings/connected-accounts`)
  await untilSaid(browser, 'Disconnect')
  await take('sign-in-methods')
}

async function untilSaid(browser, words) {
  const deadline = Date.now() + WAIT_TIMEOUT_MS
  for (;;) {
    // A page that is still loading has no text.
    const text = await browser.text().catch(() => '')
    if (text.includes(words)) return
    if (Date.now() > deadline) throw new Error(`${await browser.url()} does not say “${words}”.`)
    await sleep(100)
  }
}

/** Starts Chromium, and returns an object with the methods that the other browsers have. */
async function startChromium(chromium) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
  const page = await browser.newPage({
    viewport: { width: 960, height: 900 },
    locale: 'en-US',
    ignoreHTTPSErrors: true,
  })
  return {
    goto: (url) => page.goto(url),
    url: async () => page.url(),
    text: () => page.innerText('body'),
    press: (words) =>
      page
        .getByRole('button', { name: words, exact: true })
        .or(page.getByRole('link', { name: words, exact: true }))
        .click(),
    fill: (label, text) => page.getByRole('textbox', { name: label }).fill(text),
    screenshot: () => page.screenshot({ animations: 'disabled' }),
    close: () => browser.close(),
  }
}

/**
 * Puts the pictures of all pages into one. Each row shows two pages in every look, and only the upper part of a page.
 *
 * @param {import('@playwright/test').BrowserType} chromium - Draws the sheet.
 * @param {string[]} shots - Names of the pages. Their pictures are `SHOT-LOOK.png`.
 * @param {string[]} looks - What the pictures of one page differ in: the browser, or the screen, color scheme and locale.
 * @param {string} folder - The pictures' folder, in which `contact-sheet.png` is written.
 */
export async function putTogether(chromium, shots, looks, folder) {
  const cellOf = (shot, look) =>
    `<figure><figcaption>${shot}, ${look}</figcaption><img src="${shot}-${look}.png" alt=""></figure>`
  const columns = looks.length * 2
  const page = join(folder, 'index.html')
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><title>Contact sheet</title>
<style>
  body { margin: 16px; display: grid; gap: 16px; grid-template-columns: repeat(${columns}, 300px); font: 16px sans-serif }
  figure { margin: 0 } img { width: 100%; max-height: 450px; object-fit: cover; object-position: top; border: 1px solid #999 }
</style>
${shots.flatMap((shot) => looks.map((look) => cellOf(shot, look))).join('\n')}
`,
  )
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
  try {
    const sheet = await browser.newPage({ viewport: { width: 16 + columns * 316, height: 800 } })
    await sheet.goto(pathToFileURL(page).href)
    await sheet.screenshot({ path: join(folder, 'contact-sheet.png'), fullPage: true })
  } finally {
    await browser.close()
  }
}
