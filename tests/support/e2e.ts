import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { DEMOS_VARIABLE, type DemoAddresses } from './start-demos'

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

/** Fails where axe finds anything wrong with the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([])
}

/** Fills in the tenant's own login form, which the page shows or is about to show. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Email address' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse')
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
}

async function resetTenant(demo: DemoAddresses, world: object | undefined): Promise<void> {
  const response = await fetch(`${demo.tenant}/_tenant/reset`, {
    method: 'POST',
    ...(world && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(world) }),
  })
  if (!response.ok) throw new Error(`The tenant refused the reset: ${response.status}`)
}
