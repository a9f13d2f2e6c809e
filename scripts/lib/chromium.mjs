import { existsSync } from 'node:fs'
import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/** Debian's package of Chromium without a desktop interface. It needs half the processor time of the full Chromium. */
const SHELL = 'chromium-headless-shell'
const NAMES = [
  SHELL,
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'Google Chrome',
  'Chromium',
  'chrome.exe',
]
const PLACES = [
  '/usr/bin',
  '/usr/local/bin',
  '/opt/google/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS',
  '/Applications/Chromium.app/Contents/MacOS',
]

/** Arguments that let Chromium run in a container, and turn its background traffic off. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/**
 * Finds an installed Chromium: `CHROMIUM_PATH`, then the usual names on the PATH, then the usual folders.
 *
 * @returns {string | undefined} Path of Chromium; undefined if none is installed. Playwright may still have one of its own.
 */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH
  return findProgram(NAMES, PLACES, env)
}

/**
 * Makes sure that Chromium is available: finds it, or installs it if that is possible without a question (as root on
 * Debian).
 *
 * @throws {Error} If there is none and it could not be installed; the message says what to do.
 */
export async function ensureChromium() {
  if (findChromium() ?? (await findPlaywrightOwn())) return
  // Not every system with apt-get has the package of the headless shell.
  await aptInstall(SHELL).catch(() => aptInstall('chromium'))
  if (findChromium()) return
  throw new Error(
    'The browser tests need Chromium. Install it (apt-get install chromium-headless-shell, brew install --cask chromium, or ' +
      'npx playwright install chromium), or set CHROMIUM_PATH to its path.',
  )
}

async function findPlaywrightOwn() {
  const { chromium } = await import('@playwright/test')
  const path = chromium.executablePath()
  return path && existsSync(path) ? path : undefined
}
