/**
 * Firefox and WebKit with the functions that tests need, such as to open a page, click a button or link by its name, and
 * fill in an input by its label.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import puppeteer from 'puppeteer-core'
import { Builder, By, type WebDriver } from 'selenium-webdriver'
import { freePort } from '../../../scripts/lib/options.mjs'
import { findFirefox, findWebkit } from '../../../scripts/lib/other-browsers.mjs'

/** A browser with a new profile, which accepts the demo's certificates. */
export interface OtherBrowser {
  goto(url: string): Promise<void>
  url(): Promise<string>
  /** The text of the page. */
  text(): Promise<string>
  /** Clicks the button or link with exactly this text, or with an `aria-label` that begins with it. */
  press(words: string): Promise<void>
  /** Fills in the input with this label. */
  fill(label: string, text: string): Promise<void>
  /** Takes a PNG of the visible part of the page. */
  screenshot(): Promise<Uint8Array>
  close(): Promise<void>
}

/** What each driver implements. {@link OtherBrowser} is built on it. */
interface Driver {
  goto(url: string): Promise<unknown>
  url(): Promise<string>
  text(): Promise<string>
  click(xpath: string): Promise<unknown>
  type(xpath: string, text: string): Promise<unknown>
  screenshot(): Promise<Uint8Array>
  close(): Promise<unknown>
}

/** The visible part of a page, in CSS pixels. WebKit's is smaller, because the browser uses part of its window itself. */
const VIEW = { width: 960, height: 900 }
/** Longest wait for an element, in milliseconds. */
const WAIT_TIMEOUT_MS = 15_000

const byWords = (words: string) =>
  `(//button | //a)[normalize-space()=${quoted(words)} or starts-with(@aria-label, ${quoted(words)})]`
const byLabel = (label: string) => `//input[@id=//label[normalize-space()=${quoted(label)}]/@for]`
const quoted = (text: string) => (text.includes('"') ? `'${text}'` : `"${text}"`)

/** Starts a browser by name. `scripts/lib/other-browsers.mjs` finds out which browsers are installed. */
export async function startOtherBrowser(name: 'firefox' | 'webkit'): Promise<OtherBrowser> {
  const driver = await (name === 'firefox' ? startFirefox() : startWebkit())
  return {
    goto: async (url) => {
      await driver.goto(url)
    },
    url: () => driver.url(),
    text: () => driver.text(),
    press: (words) => untilDone(`press “${words}”`, driver, () => driver.click(byWords(words))),
    fill: (label, text) => untilDone(`fill “${label}”`, driver, () => driver.type(byLabel(label), text)),
    screenshot: () => driver.screenshot(),
    close: async () => {
      await driver.close()
    },
  }
}

/** Repeats an action until it succeeds: the page may still be loading, and may replace an element during a click. */
async function untilDone(what: string, driver: Driver, act: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + WAIT_TIMEOUT_MS
  for (;;) {
    try {
      await act()
      return
    } catch (error) {
      if (Date.now() > deadline) {
        const page = `${await driver.url()}: ${(await driver.text()).slice(0, 500)}`
        throw new Error(`cannot ${what} at ${page}`, { cause: error })
      }
      await sleep(100)
    }
  }
}

async function startFirefox(): Promise<Driver> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox() ?? '',
    headless: true,
    defaultViewport: VIEW,
    acceptInsecureCerts: true,
  })
  const page = await browser.newPage()
  // Do not use an element handle: if the page navigates meanwhile, puppeteer leaves rejected promises for it unhandled.
  const pointTo = async (xpath: string) => {
    const point = await page.evaluate(pointOf, xpath)
    if (!point) throw new Error('there is no such element')
    await page.mouse.click(point.x, point.y)
  }
  return {
    goto: (url) => page.goto(url),
    url: async () => page.url(),
    text: () => page.evaluate(() => document.body.innerText),
    click: pointTo,
    type: async (xpath, text) => {
      await pointTo(xpath)
      await page.evaluate(() => (document.activeElement as HTMLInputElement).select())
      await page.keyboard.type(text)
    },
    screenshot: () => page.screenshot(),
    close: () => browser.close(),
  }
}

/** Runs in the page. Scrolls to an element, and returns its center in the visible part; null if there is none. */
function pointOf(xpath: string): { x: number; y: number } | null {
  const found = document.evaluate(xpath, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null)
  const element = found.singleNodeValue as Element | null
  if (!element) return null
  element.scrollIntoView({ block: 'center', behavior: 'instant' })
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

async function startWebkit(): Promise<Driver> {
  const found = findWebkit()
  if (!found) throw new Error('there is no WebKit')
  const display = await startDisplay(found.display)
  const port = await freePort(0, false)
  const server = spawn(found.driver, [`--port=${port}`], {
    // Without this variable, WebKit does not start as root, for example in a container.
    env: { ...process.env, DISPLAY: display.name, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    stdio: 'ignore',
  })
  const end = () => {
    server.kill()
    display.process.kill()
  }
  try {
    const driver = await connected(port, found.browser)
    await driver.manage().window().setRect(VIEW)
    return {
      goto: (url) => driver.get(url),
      url: () => driver.getCurrentUrl(),
      text: async () => driver.findElement(By.css('body')).getText(),
      click: async (xpath) => driver.findElement(By.xpath(xpath)).click(),
      type: async (xpath, text) => {
        const element = await driver.findElement(By.xpath(xpath))
        await element.clear()
        await element.sendKeys(text)
      },
      screenshot: async () => Buffer.from(await driver.takeScreenshot(), 'base64'),
      close: async () => {
        await driver.quit()
        end()
      },
    }
  } catch (error) {
    end()
    throw error
  }
}

/** Waits until the driver's server listens. */
async function connected(port: number, binary: string): Promise<WebDriver> {
  const deadline = Date.now() + WAIT_TIMEOUT_MS
  for (;;) {
    try {
      return await new Builder()
        .usingServer(`http://127.0.0.1:${port}`)
        .withCapabilities({
          browserName: 'MiniBrowser',
          acceptInsecureCerts: true,
          'webkitgtk:browserOptions': { binary, args: ['--automation'] },
        })
        .build()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}

/** Starts an X server without a screen, on a free display number. */
async function startDisplay(program: string): Promise<{ name: string; process: ChildProcess }> {
  const server = spawn(program, ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`the X server ended with ${code}`)))
    server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()))
  })
  return { name: `:${number}`, process: server }
}
