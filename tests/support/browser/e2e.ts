import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { DEMOS_VARIABLE, type DemoAddresses } from '../flow/start-demos'
import { trust } from './trust'

export type { DemoAddresses }

interface Fixtures {
  /** URLs of the demo that this Playwright project uses. */
  demo: DemoAddresses
  /** Resets the tenant to the given world, by default the demo's. Runs before every test. */
  reset: (world?: object) => Promise<void>
}

/** Playwright's `test` with the demo as a fixture. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern to know what is needed
  demo: async ({}, use, info) => {
    const demos: Record<string, DemoAddresses> = JSON.parse(process.env[DEMOS_VARIABLE] ?? '{}')
    const demo = demos[info.project.name]
    if (!demo) throw new Error(`No demo runs for ${info.project.name}`)
    trust(demo.ca)
    await use(demo)
  },
  reset: [
    async ({ demo }, use) => {
      const reset = (world?: object) => resetTenant(demo, world)
      await reset()
      await use(reset)
    },
    { auto: true },
  ],
})

export { expect }

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * Fails if axe finds a violation in the current page.
 *
 * @param rules - Ids of axe's rules to check; by default all.
 */
export async function expectAccessible(page: Page, rules?: string[]): Promise<void> {
  // After a change of the color scheme the page may not be painted yet, so try again. A real violation stays.
  await expect(async () => {
    // Loaded once per document: that takes longer than a check does.
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
    const violations = await page.evaluate(async (runOnly) => {
      const { axe } = globalThis as typeof globalThis & { axe: typeof import('axe-core') }
      const options = { resultTypes: ['violations' as const], ...(runOnly && { runOnly }) }
      const found = await axe.run(document, options)
      return found.violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))
    }, rules)
    expect(violations).toEqual([])
  }).toPass({ timeout: 20_000 })
}

/**
 * Runs {@link expectAccessible} in the light and in the dark color scheme. In the dark one it only checks contrast.
 */
export async function expectAccessibleAlways(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page, ['color-contrast'])
}

/**
 * Fails if the page is wider than the window, and names the innermost elements that are too wide.
 *
 * @param name - The page's name, for the report.
 */
export async function expectToFit(page: Page, name?: string): Promise<void> {
  expect(await overflowOf(page), name).toEqual({ pixels: 0, at: [] })
}

/** Pixels by which the page is wider than the window, and the innermost elements that are too wide. */
const overflowOf = (page: Page) =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    )
    return {
      pixels: scrollWidth - clientWidth,
      at:
        scrollWidth > clientWidth
          ? wide
              .filter((each) => !wide.some((other) => other !== each && each.contains(other)))
              .map(({ outerHTML }) => outerHTML.slice(0, 120))
          : [],
    }
  })

/** Waits for the tenant's login form, and signs in with it. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Email address' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse')
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
}

/** Options for starting a login at the other application. */
export interface LoginStart {
  email?: string
  /** Connection of the account to sign in to. */
  connection?: string
  /** `native`: the login ends at the callback of a native app instead of the website's. */
  callback?: 'native'
}

/** Starts a login at the other application with an account of a provider, by default Ann's at Google. */
export async function startLogin(page: Page, demo: DemoAddresses, start: LoginStart = {}): Promise<void> {
  const { email = 'ann@example.com', connection = 'google-oauth2', callback } = start
  await page.goto(`${demo.other}/login?${new URLSearchParams({ connection, ...(callback && { callback }) })}`)
  await button(page, email).click()
}

/** Runs {@link startLogin}, and waits for the prompt. */
export async function openPrompt(page: Page, demo: DemoAddresses, start?: LoginStart): Promise<void> {
  await startLogin(page, demo, start)
  await expect(page).toHaveURL(new RegExp(`^${demo.app}/link/prompt`))
}

/** Goes on from the prompt to the confirmation, by signing in to the other account with its password. */
export async function prove(page: Page, email = 'ann@example.com'): Promise<void> {
  await button(page, 'Link accounts').click()
  await signIn(page, email)
}

/** Starts a login and goes on to the confirmation. */
export async function openConfirm(page: Page, demo: DemoAddresses, start?: LoginStart): Promise<void> {
  await openPrompt(page, demo, start)
  await prove(page)
  await expect(page.getByRole('heading', { name: 'Link these accounts?' })).toBeVisible()
}

/** The button with exactly this text. */
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

/** Fails unless the login has ended at the other application with this user id. */
export async function expectSignedIn(page: Page, demo: DemoAddresses, sub: string): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`^${demo.other}/callback`))
  await expect(page.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
  await expect(page.locator('pre')).toContainText(`"sub": "${sub}"`)
}

/** Fails unless the page is an error page with this code. */
export const expectRefusal = (page: Page, code: string): Promise<void> =>
  expect(page.locator('main')).toHaveAttribute('data-error', code)

/** The number of links that the tenant has made. */
export async function countLinks(demo: DemoAddresses): Promise<number> {
  const calls: { effect: string | null }[] = await (await fetch(`${demo.tenant}/_tenant/ledger`)).json()
  return calls.filter(({ effect }) => effect === 'link').length
}

/** Posts to the tenant's control API. */
export async function control<Result>(demo: DemoAddresses, call: string, body: unknown): Promise<Result> {
  const response = await fetch(`${demo.tenant}/_tenant/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`The tenant refused ${call}: ${response.status}`)
  return response.json() as Promise<Result>
}

async function resetTenant(demo: DemoAddresses, world: object | undefined): Promise<void> {
  const response = await fetch(`${demo.tenant}/_tenant/reset`, {
    method: 'POST',
    ...(world && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(world) }),
  })
  if (!response.ok) throw new Error(`The tenant refused the reset: ${response.status}`)
}
