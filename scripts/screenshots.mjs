// `npm run screenshots` takes pictures of every page and every kind of mail: on a wide screen, on a phone, in dark mode and
// from right to left. It puts them side by side in reports/pages/contact-sheet.png. The README's pictures in docs/images/
// are three of them. With --contact-sheet, it takes pictures of two pages in Chromium, Firefox and WebKit over TLS instead,
// and writes reports/contact-sheet/.
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './lib/build.mjs'
import { CHROMIUM_ARGS, ensureChromium, findChromium } from './lib/chromium.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureOtherBrowsers } from './lib/other-browsers.mjs'
import { ROOT } from './lib/paths.mjs'
import { loadTypeScript } from './lib/typescript.mjs'

const WIDE = { width: 960, height: 720 }
const PHONE = { width: 360, height: 640 }
/** How every page is shown. There is one tour of the pages per locale, so one tour takes the first three looks. */
const LOOKS = [
  { name: 'wide', locale: 'en-US', viewport: WIDE, colorScheme: 'light' },
  { name: 'phone', locale: 'en-US', viewport: PHONE, colorScheme: 'light' },
  { name: 'dark', locale: 'en-US', viewport: PHONE, colorScheme: 'dark' },
  { name: 'right-to-left', locale: 'ar', viewport: PHONE, colorScheme: 'light' },
]
/** The README's pictures: the name of the page, and of the file in docs/images/. */
const IN_README = { prompt: 'prompt', 'sign-in-methods': 'settings', undo: 'undo' }

const { values } = parseArgs({ options: { 'contact-sheet': { type: 'boolean' } } })
await ensureInstalled()
await ensureChromium()
await ensureBuilt()
if (values['contact-sheet']) process.exit(await showEveryBrowser())
const [
  { chromium },
  { parseOptions },
  { startDemo },
  { visitConsole, visitMails, visitPages },
  { putTogether },
] = await Promise.all([
  import('@playwright/test'),
  import('./lib/options.mjs'),
  import('./lib/demo-world.mjs'),
  import('./lib/page-tour.mjs'),
  import('./lib/contact-sheet.mjs'),
])

const folder = join(ROOT, 'reports', 'pages')
const images = join(ROOT, 'docs', 'images')
for (const each of [folder, images]) mkdirSync(each, { recursive: true })
const { fillFunnel, mailPictures, startRedis } = await loadTypeScript('tests/support/browser/pictures.ts')
// The console shows its funnel only if there is a Redis.
const redis = await startRedis()
const demo = await startDemo({ ...parseOptions([], process.env), env: { REDIS_URL: redis.url } })
const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
const shots = new Set()
try {
  for (const locale of new Set(LOOKS.map((look) => look.locale))) {
    const page = await browser.newPage({ viewport: PHONE, locale })
    const show = async (shot, part) => {
      shots.add(shot)
      for (const look of LOOKS.filter((each) => each.locale === locale)) await take(page, shot, look, part)
    }
    await visitPages(page, demo, show)
    await visitConsole(page, demo, show)
    await fillFunnel(redis.url)
    await page.goto(`${demo.app}/console`)
    await show('console-funnel', page.locator('section[aria-labelledby=funnel]'))
    await fetch(`${demo.tenant}/_tenant/reset`, { method: 'POST' })
    await page.context().clearCookies()
    await visitMails(page, demo, show, 'eve@example.com')
    await page.goto('about:blank')
    for (const { name, html } of await mailPictures(locale.split('-')[0])) {
      await page.setContent(html)
      await show(name)
    }
    await page.close()
  }
} finally {
  await browser.close()
  await demo.close()
  await redis.stop()
}
for (const [shot, image] of Object.entries(IN_README))
  copyFileSync(join(folder, `${shot}-wide.png`), join(images, `${image}.png`))
await putTogether(
  chromium,
  [...shots],
  LOOKS.map(({ name }) => name),
  folder,
)
console.log('reports/pages/contact-sheet.png')
// The connection to Redis would keep this process alive.
process.exit()

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

/** Writes a picture of the whole page, or of a part of it. */
async function take(page, shot, { name, viewport, colorScheme }, part) {
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme })
  const picture = { path: join(folder, `${shot}-${name}.png`), animations: 'disabled' }
  await (part ? part.screenshot(picture) : page.screenshot({ ...picture, fullPage: true }))
}
