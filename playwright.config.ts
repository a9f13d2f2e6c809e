import { defineConfig, type Project } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './scripts/lib/chromium.mjs'

/** What depends on whether cookies and forms cross sites: the ways through, not the looks of the pages. */
const JOURNEYS = /(tour|decline|wrong-account|refused-link|native-application|step-up)\.e2e\.ts$/
/** What does not, and is run on the other demo so that both take about as long. */
const LOOKS = /(refusals|prompt|browser-linking|every-page|phone|keyboard)\.e2e\.ts$/
const CONSOLE = /console(-acts)?\.e2e\.ts$/

/**
 * One process for the pages of all sites: it needs a quarter less processor time than one for each. What decides about cookies, and
 * about the headers that name sites, is in another process.
 */
const ONE_RENDERER = ['--renderer-process-limit=1', '--disable-site-isolation-trials']

// Each project has a demo of its own. Within one, tests run one after the other: they share its tenant.
const PROJECTS: Project[] = [
  { name: 'same-site', workers: 1, testIgnore: [LOOKS, CONSOLE] },
  // A variant of a journey that sends the same cookies has the tag `@one-site`.
  { name: 'cross-site', workers: 1, testMatch: [JOURNEYS, LOOKS], grepInvert: /@one-site/ },
  // Operators' acts need settings that the other demos do not have.
  { name: 'console', workers: 1, testMatch: CONSOLE },
  // What a newcomer who tries the demo sees, on another version of Node.js.
  { name: 'without-tls', workers: 1, testMatch: /tour\.e2e\.ts$/, grep: /ends signed in/ },
]
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.e2e.ts',
  globalSetup: './tests/support/flow/start-demos.ts',
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // A journey has a dozen pages, and a busy machine takes seconds for each.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    locale: 'en-US',
    // The certificate authority of a demo lives as long as it does.
    ignoreHTTPSErrors: true,
    launchOptions: { executablePath: findChromium(), args: [...CHROMIUM_ARGS, ...ONE_RENDERER] },
  },
  projects: PROJECTS,
})
