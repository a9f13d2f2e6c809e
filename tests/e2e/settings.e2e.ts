import type { Page } from '@playwright/test'
import { appCookieName } from '../support/browser/app-cookies'
import { type DemoAddresses, expect, expectAccessible, signIn, test } from '../support/browser/e2e'

const PATH = '/settings/connected-accounts'

const openAs = async (page: Page, demo: DemoAddresses, email: string) => {
  await page.goto(`${demo.app}${PATH}`)
  await signIn(page, email)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

const breakManagement = (demo: DemoAddresses, status: number) =>
  fetch(`${demo.tenant}/_tenant/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ match: { method: 'GET', path: '^/api/v2/users/' }, effect: { status } }]),
  })

test.describe('the page "Sign-in methods"', () => {
  test('lists the only identity of a person who has one', async ({ page, demo }) => {
    await openAs(page, demo, 'dee@example.com')
    await expect(page).toHaveURL(`${demo.app}${PATH}`)
    await expect(page.getByRole('heading', { level: 1, name: 'Sign-in methods' })).toBeVisible()
    const row = page.getByRole('listitem')
    await expect(row).toHaveCount(1)
    await expect(row).toContainText('Email and password')
    await expect(row).toContainText('dee@example.com')
    await expect(row).toContainText('Main')
    await expect(row).toContainText(/Since \w+ \d+, \d{4}/)
    await expectAccessible(page)
  })

  test('has at most 3 kB more script than a page without components of its own', async ({ page, demo }) => {
    const scriptOf = async (path: string) => {
      await page.goto(`${demo.app}${path}`, { waitUntil: 'networkidle' })
      return page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter((entry) => new URL(entry.name).pathname.endsWith('.js'))
          .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).decodedBodySize, 0),
      )
    }
    await openAs(page, demo, 'dee@example.com')
    const empty = await scriptOf('/nowhere')
    expect(empty).toBeGreaterThan(100_000)
    expect((await scriptOf(PATH)) - empty).toBeLessThanOrEqual(3_000)
  })

  test('signs out at the application and at the tenant', async ({ page, demo }) => {
    await openAs(page, demo, 'dee@example.com')
    await page.getByRole('link', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(`${demo.app}/`)
    await page.goto(`${demo.app}${PATH}`)
    await expect(page.getByRole('textbox', { name: 'Email address' })).toBeVisible()
  })

  test('ignores a session cookie that it cannot decrypt', async ({ page, demo }) => {
    const name = appCookieName(demo.app, 'session')
    await page.context().addCookies([{ name, value: 'forged', url: demo.app, httpOnly: true, secure: true }])
    await page.goto(`${demo.app}${PATH}`)
    await expect(page.getByRole('textbox', { name: 'Email address' })).toBeVisible()
  })

  test('says so if the account is gone, and leads to a new sign-in', async ({ page, demo, reset }) => {
    await openAs(page, demo, 'dee@example.com')
    await reset({ users: [] })
    await page.reload()
    await expect(page.locator('main')).toHaveAttribute('data-error', 'not_found')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await expect(page).toHaveURL(/\/u\/login/)
  })

  test('says so if the list cannot be shown, and shows it again afterwards', async ({ page, demo }) => {
    await openAs(page, demo, 'dee@example.com')
    await breakManagement(demo, 503)
    await page.reload()
    await expect(page.locator('main')).toHaveAttribute('data-error', 'tenant_unreachable')
    await expectAccessible(page)
    await fetch(`${demo.tenant}/_tenant/faults`, { method: 'DELETE' })
    await page.getByRole('link', { name: 'Try again' }).click()
    await expect(page.getByRole('listitem')).toHaveCount(1)
  })

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false })

    test('shows the same', async ({ page, demo }) => {
      await openAs(page, demo, 'dee@example.com')
      await expect(page.getByRole('listitem')).toHaveCount(1)
    })
  })
})

test.describe('a sign-in that fails', () => {
  test('ends on a page that says so and shows no text that came with the URL', async ({
    page,
    demo,
    reset,
  }) => {
    await reset({
      users: [
        {
          user_id: 'auth0|bob',
          email: 'bob@example.com',
          blocked: true,
          password: 'correct horse',
          identities: [{ provider: 'auth0', user_id: 'bob', connection: 'Username-Password-Authentication' }],
        },
      ],
    })
    await openAs(page, demo, 'bob@example.com')
    await expect(page.locator('main')).toHaveAttribute('data-error', 'sign_in_failed')
    await expect(page.locator('main')).not.toContainText('blocked')
    await expectAccessible(page)
  })
})
