import type { Page } from '@playwright/test'
import {
  button,
  control,
  type DemoAddresses,
  expect,
  expectAccessibleAlways,
  expectRefusal,
  openPrompt,
  prove,
  signIn,
  test,
} from '../support/browser/e2e'
import { linkAddress, now } from '../support/browser/e2e-tokens'

type Open = (page: Page, demo: DemoAddresses) => Promise<unknown>

/** How to cause each error page, by its error code. */
const REFUSALS: Record<string, Open> = {
  missing_token: (page, demo) => page.goto(`${demo.app}/link`),
  missing_state: (page, demo) => page.goto(`${demo.app}/link?session_token=x`),
  bad_state: (page, demo) => page.goto(`${demo.app}/link?session_token=x&state=%FF`),
  bad_token: (page, demo) => page.goto(`${demo.app}/link?session_token=x&state=y`),
  bad_request: (page, demo) => page.goto(`${demo.app}/link?session_token=x&state=y&state=z`),
  no_flow: (page, demo) => page.goto(`${demo.app}/link/prompt`),
  not_found: (page, demo) => page.goto(`${demo.app}/link/nowhere`),
  method_not_allowed: (page, demo) => page.goto(`${demo.app}/link/finish`),
  expired: async (page, demo) => page.goto(await linkAddress(demo, { iat: now() - 300, exp: now() - 180 })),
  already_used: async (page, demo) => {
    const address = await linkAddress(demo)
    await page.goto(address)
    await page.context().clearCookies()
    await page.goto(address)
  },
  wrong_account: async (page, demo) => {
    await openPrompt(page, demo)
    await prove(page, 'dee@example.com')
  },
  sign_in_failed: async (page, demo) => {
    await openPrompt(page, demo)
    await button(page, 'Link accounts').click()
    await page.getByRole('textbox', { name: 'Password' }).waitFor()
    const [, state] = /[?&]state=([^&]+)/.exec(await lastAuthorization(demo)) ?? []
    await page.goto(`${demo.app}/link/callback?error=access_denied&state=${state}`)
  },
  bad_id_token: async (page, demo) => {
    await control(demo, 'options', { id_token: { nonce: 'wrong' } })
    await openPrompt(page, demo)
    await prove(page)
  },
  tenant_unreachable: async (page, demo) => {
    await openPrompt(page, demo)
    await button(page, 'Link accounts').click()
    await page.getByRole('textbox', { name: 'Password' }).waitFor()
    await control(demo, 'faults', [
      { match: { method: 'POST', path: '^/oauth/token$' }, effect: { status: 503 } },
    ])
    await signIn(page, 'ann@example.com')
  },
  csrf: async (page, demo) => {
    await page.goto(demo.other)
    await page.locator('form').evaluate(
      (form, address) => {
        form.setAttribute('action', address)
        form.setAttribute('method', 'post')
      },
      `${demo.app.replace('127.0.0.1', 'localhost')}/link/authenticate`,
    )
    await button(page, 'Sign in').click()
  },
}

/** The query of the last authorization request that the tenant received. */
async function lastAuthorization(demo: DemoAddresses): Promise<string> {
  const calls: { path: string; query: unknown }[] = await (
    await fetch(`${demo.tenant}/_tenant/ledger`)
  ).json()
  const query = calls.filter(({ path }) => path === '/authorize').at(-1)?.query
  return typeof query === 'string' ? `?${query}` : `?${new URLSearchParams(query as Record<string, string>)}`
}

test.describe('an error page has one main action, and axe finds no violation, in light and dark colors,', {
  tag: '@full',
}, () => {
  for (const [code, open] of Object.entries(REFUSALS))
    test(`with the code ${code}`, async ({ page, demo }) => {
      await open(page, demo)
      await expectRefusal(page, code)
      await expect(page.locator('.main')).toHaveCount(1)
      await expectAccessibleAlways(page)
    })
})
