/**
 * Firefox and WebKit, in which the main flows are tested in addition to Chromium.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/** @typedef {'firefox' | 'webkit'} BrowserName */

const LIBRARIES = '/usr/lib'

/**
 * Finds Firefox: `FIREFOX_PATH`, then the usual names.
 *
 * @returns {string | undefined} Path of Firefox; undefined if it is not installed.
 */
export function findFirefox(env = process.env) {
  if (env.FIREFOX_PATH) return env.FIREFOX_PATH
  return findProgram(['firefox-esr', 'firefox'], ['/usr/bin', '/usr/local/bin'], env)
}

/**
 * Finds WebKitGTK: its driver, its browser, and the X server that both need. WebKitGTK is not Safari: it has the same
 * engine, but other network code, and so other cookie handling.
 *
 * @returns {{ driver: string, browser: string, display: string } | undefined} Their paths; undefined if one of them is not
 *   installed.
 */
export function findWebkit(env = process.env) {
  const driver = findProgram(['WebKitWebDriver'], ['/usr/bin'], env)
  const display = findProgram(['Xvfb'], ['/usr/bin'], env)
  const browser = findMiniBrowser()
  return driver && display && browser ? { driver, browser, display } : undefined
}

function findMiniBrowser() {
  if (!existsSync(LIBRARIES)) return undefined
  const folders = readdirSync(LIBRARIES).flatMap((triplet) =>
    ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((name) => join(LIBRARIES, triplet, name)),
  )
  return folders.map((folder) => join(folder, 'MiniBrowser')).find(existsSync)
}

/**
 * Finds the two browsers, or installs them if that is possible without a question (as root on Debian).
 *
 * @returns {Promise<BrowserName[]>} The browsers that are not available.
 */
export async function ensureOtherBrowsers() {
  if (!findFirefox()) await tryInstall('firefox-esr')
  if (!findWebkit()) {
    await tryInstall('webkit2gtk-driver')
    await tryInstall('xvfb')
  }
  return /** @type {BrowserName[]} */ ([
    ...(findFirefox() ? [] : ['firefox']),
    ...(findWebkit() ? [] : ['webkit']),
  ])
}

/** Installs a package, and ignores a failure: the next search then does not find the program, which counts as missing. */
const tryInstall = (name) => aptInstall(name).catch(() => undefined)
