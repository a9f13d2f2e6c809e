import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { DEMOS_VARIABLE, type DemoAddresses } from './start-demos'
import { trust } from './trust'

export type { DemoAddresses }

interface Fixtures {
  /** Addresses of the demo this project runs against. */
  demo: DemoAddresses
  /** Puts the tenant back to its start: a world of the test's own, or the demo's. Done before every test. */
  reset: (world?: object) => Promise<void>
}

/** Playwright's `test`, with the demo at hand. */
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

/**
 * Fails where axe finds anything wrong with the page as it stands.
 *
 * @param rules - The ones that are tried; all of them where left out.
 */
export async function expectAccessible(page: Page, rules?: string[]): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode()
  // A page whose colours have just been switched may not be painted yet; what is wrong with it stays wrong.
  await expect(async () => {
    const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
    expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([])
  }).toPass({ timeout: 5_000 })
}

/** {@link expectAccessible}, in daylight and in the dark, where nothing but the colours is different. */
export async function expectAccessibleAlways(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page, ['color-contrast'])
}

/** Fills in the tenant's own login form, which the page shows or is about to show. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Email address' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse')
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
}

/** How a login at the other application starts. */
export interface LoginStart {
  email?: string
  /** Of the account that is signed in to. */
  connection?: string
  /** `native`: it ends at the callback of a native app. */
  callback?: 'native'
}

/** Starts a login at the other application with an account of a provider, by default Ann's at Google. */
export async function startLogin(page: Page, demo: DemoAddresses, start: LoginStart = {}): Promise<void> {
  const { email = 'ann@example.com', connection = 'google-oauth2', callback } = start
  await page.goto(`${demo.other}/login?${new URLSearchParams({ connection, ...(callback && { callback }) })}`)
  await button(page, email).click()
}

/** As {@link startLogin}, up to the question. */
export async function openPrompt(page: Page, demo: DemoAddresses, start?: LoginStart): Promise<void> {
  await startLogin(page, demo, start)
  await expect(page).toHaveURL(new RegExp(`^${demo.app}/link/prompt`))
}

/** From the question to the last one: signs in to the other account, by its password. */
export async function prove(page: Page, email = 'ann@example.com'): Promise<void> {
  await button(page, 'Link accounts').click()
  await signIn(page, email)
}

/** From the start of a login to the last question. */
export async function openConfirm(page: Page, demo: DemoAddresses, start?: LoginStart): Promise<void> {
  await openPrompt(page, demo, start)
  await prove(page)
  await expect(page.getByRole('heading', { name: 'Link these two accounts?' })).toBeVisible()
}

/** A button by its exact words. */
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

/** Fails unless the login has ended at the other application, as this user. */
export async function expectSignedIn(page: Page, demo: DemoAddresses, sub: string): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`^${demo.other}/callback`))
  await expect(page.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
  await expect(page.locator('pre')).toContainText(`"sub": "${sub}"`)
}

/** Fails unless the page is a refusal with this code. */
export const expectRefusal = (page: Page, code: string): Promise<void> =>
  expect(page.locator('main')).toHaveAttribute('data-error', code)

/** How many links the tenant has made. */
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
