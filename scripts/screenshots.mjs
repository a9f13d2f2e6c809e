// Takes the pictures of the README: starts the demo, goes through it as Ann, and writes docs/images/. With
// --contact-sheet, takes pictures of two pages in Chromium, Firefox and WebKit over TLS instead, and writes
// reports/contact-sheet/.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './lib/build.mjs'
import { CHROMIUM_ARGS, ensureChromium, findChromium } from './lib/chromium.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureOtherBrowsers } from './lib/other-browsers.mjs'
import { ROOT } from './lib/paths.mjs'

const WIDE = { width: 960, height: 720 }
const PHONE = { width: 360, height: 720 }
const PASSWORD = 'correct horse'

const { values } = parseArgs({ options: { 'contact-sheet': { type: 'boolean' } } })
await ensureInstalled()
await ensureChromium()
await ensureBuilt()
if (values['contact-sheet']) process.exit(await showEveryBrowser())
const [{ chromium }, { parseOptions }, { startDemo }] = await Promise.all([
  import('@playwright/test'),
  import('./lib/options.mjs'),
  import('./lib/demo-world.mjs'),
])

const images = join(ROOT, 'docs', 'images')
mkdirSync(images, { recursive: true })
const demo = await startDemo(parseOptions([], process.env))
const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
try {
  const page = await browser.newPage({ viewport: WIDE, locale: 'en-US' })
  await page.goto(demo.app)
  await take(page, 'landing')
  await signInAsAnn(page)
  await take(page, 'prompt')
  await take(page, 'prompt-phone', { viewport: PHONE })
  await take(page, 'prompt-dark', { colorScheme: 'dark' })

  await page.getByRole('button', { name: 'Link accounts' }).click()
  await prove(page, 'dee@example.com')
  await take(page, 'wrong-account')

  await fetch(`${demo.tenant}/_tenant/reset`, { method: 'POST' })
  await page.context().clearCookies()
  await signInAsAnn(page)
  await page.getByRole('button', { name: 'Link accounts' }).click()
  await prove(page, 'ann@example.com')
  await take(page, 'confirm')
  await page.getByRole('button', { name: 'Link accounts' }).click()
  await page.waitForURL(`${demo.other}/**`)

  await page.goto(`${demo.app}/settings/connected-accounts`)
  await page.getByRole('heading', { name: '2 sign-in methods' }).waitFor()
  await take(page, 'settings')
  await take(page, 'settings-phone', { viewport: PHONE })
  await page.getByRole('link', { name: /^Undo: Google/ }).click()
  await page.getByRole('heading', { name: 'Undo connecting Google?' }).waitFor()
  await take(page, 'undo')
} finally {
  await browser.close()
  await demo.close()
}

/** Takes the contact sheet in the available browsers. Returns the exit status. */
async function showEveryBrowser() {
  const missing = await ensureOtherBrowsers()
  const { takeContactSheet } = await import('./lib/contact-sheet.mjs')
  const names = /** @type {const} */ (['chromium', 'firefox', 'webkit'])
  await takeContactSheet(
    names.filter((name) => name === 'chromium' || !missing.includes(name)),
    join(ROOT, 'reports', 'contact-sheet'),
  )
  console.log('reports/contact-sheet/contact-sheet.png')
  if (missing.length > 0) console.log(`not run: ${missing.join(', ')}`)
  return missing.length > 0 && process.env.CI === 'true' ? 1 : 0
}

/** Starts a login in the other application and signs in with Google: Ann is asked about her password account. */
async function signInAsAnn(page) {
  await page.goto(`${demo.other}/login`)
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await page.getByRole('button', { name: 'ann@example.com' }).click()
  await page.waitForURL(`${demo.app}/link/prompt**`)
}

/** Signs in to a password account at the tenant. */
async function prove(page, email) {
  await page.getByRole('textbox', { name: 'Email address' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await page.waitForURL(`${demo.app}/link/**`)
}

/** Writes a picture of the whole page, then restores size and color scheme. */
async function take(page, name, { viewport = WIDE, colorScheme = 'light' } = {}) {
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme })
  await page.screenshot({ path: join(images, `${name}.png`), fullPage: true, animations: 'disabled' })
  console.log(`docs/images/${name}.png`)
  await page.setViewportSize(WIDE)
  await page.emulateMedia({ colorScheme: 'light' })
}
