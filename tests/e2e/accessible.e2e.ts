import type { Page } from '@playwright/test'
import {
  button,
  type DemoAddresses,
  expect,
  expectAccessibleAlways,
  expectSignedIn,
  openConfirm,
  openPrompt,
  signIn,
  test,
} from '../support/browser/e2e'
import { GOOGLE, linkAddress, mint, now } from '../support/browser/e2e-tokens'

type Open = (page: Page, demo: DemoAddresses) => Promise<unknown>

/** Submits the prompt of a flow whose cookie is gone, with a response token that is about to expire. */
const answerLate: Open = async (page, demo) => {
  await page.goto(await linkAddress(demo))
  const token = await mint(demo, {
    sub: GOOGLE.user_id,
    iss: demo.app,
    exp: now() + 10,
    purpose: 'account-link.result',
    state: 'any',
    result: 'declined',
  })
  await page.context().clearCookies()
  // Each of the page's forms contains a response token.
  await page.locator('input[name=session_token]').evaluateAll((inputs, value) => {
    for (const input of inputs) input.setAttribute('value', value)
  }, token)
  await button(page, 'Not now').click()
}

/** Documents of the linking service that the tour in `every-page.e2e.ts` does not visit, by names for the test titles. */
const DOCUMENTS: Record<string, Open> = {
  'the question without a choice': async (page, demo) => {
    await openPrompt(page, demo, { email: 'bea@example.com' })
    await page.goto(`${page.url()}&choose=1`)
  },
  'the page that asks to press once more': answerLate,
}

/** Pages of the local tenant and of the other application. */
const TENANT_PAGES: Record<string, Open> = {
  'the sign-in form': (page, demo) => page.goto(`${demo.other}/login`),
  'the sign-in form after a wrong password': async (page, demo) => {
    await page.goto(`${demo.other}/login`)
    await page.getByRole('textbox', { name: 'Email address' }).fill('ann@example.com')
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
    await button(page, 'Continue').click()
    await expect(page.getByRole('alert')).toBeVisible()
  },
  'the list of a provider': (page, demo) => page.goto(`${demo.other}/login?connection=github`),
  'the one-time code by e-mail': (page, demo) => page.goto(`${demo.other}/login?connection=email`),
  'the second factor': async (page, demo) => {
    await page.goto(`${demo.other}/login`)
    await signIn(page, 'fay@example.com')
    await page.getByRole('textbox', { name: 'One-time code' }).waitFor()
  },
  'the page about a bad request': (page, demo) => page.goto(`${demo.tenant}/authorize?client_id=nobody`),
  'the inspector': (page, demo) => page.goto(`${demo.tenant}/_tenant/`),
  'the inspector after a link': async (page, demo) => {
    await openConfirm(page, demo)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    await page.goto(`${demo.tenant}/_tenant/`)
  },
  'the other application': (page, demo) => page.goto(demo.other),
  'its callback': async (page, demo) => {
    await page.goto(`${demo.other}/login`)
    await signIn(page, 'dee@example.com')
    await expectSignedIn(page, demo, 'auth0|dee')
  },
  'its callback after an error': (page, demo) => page.goto(`${demo.other}/callback?error=access_denied`),
}

test.describe('axe finds no violation, in the light and in the dark color scheme,', { tag: '@full' }, () => {
  for (const [name, open] of Object.entries(DOCUMENTS))
    test(`with ${name}`, async ({ page, demo }) => {
      await open(page, demo)
      await expect(page.locator('main:not([data-error]) button').first()).toBeVisible()
      await expectAccessibleAlways(page)
    })

  for (const [name, open] of Object.entries(TENANT_PAGES))
    test(`with ${name}`, async ({ page, demo }) => {
      await open(page, demo)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectAccessibleAlways(page)
    })
})
