import type { Page } from '@playwright/test'
import { act, findAccount, giveReason, signInToConsole } from '../support/browser/console'
import { button, type DemoAddresses, expect, test } from '../support/browser/e2e'
import { FlowTenant } from '../support/flow/tenant'

const CONNECTION = 'Username-Password-Authentication'
const common = { email_verified: true, created_at: '2024-03-01T09:00:00.000Z', logins_count: 3 }

const identity = (userId: string) => {
  const [provider = '', id = ''] = userId.split('|')
  return { provider, user_id: id, connection: provider === 'auth0' ? CONNECTION : provider }
}
const account = (name: string, userIds: string[], rest: object = {}) => ({
  ...{ ...common, user_id: userIds[0], email: `${name}@example.com`, password: 'correct horse' },
  ...{ identities: userIds.map(identity), ...rest },
})
const permissionOf = ({ app }: DemoAddresses) => ({
  permissions: [{ resource_server_identifier: `${app}/console`, permission_name: 'operate:account_linking' }],
})

/** A world with an account for each of the operator's acts, so that no other person has to sign in before. */
const worldOf = (demo: DemoAddresses) => ({
  users: [
    ...['olga', 'otto'].map((name) => account(name, [`auth0|${name}`], { mfa: true, ...permissionOf(demo) })),
    account('max', ['auth0|max', 'google-oauth2|max-g', 'github|max-h', 'line|max-l']),
    account('ned', ['auth0|ned']),
    account('ned', ['google-oauth2|ned-g']),
    account('pam', ['auth0|pam'], {
      app_metadata: {
        account_linking: {
          declined: { '0123456789ab': { until: 4_102_444_800, at: 1_700_000_000, client: 'Shop' } },
        },
        account_linking_held_0123456789ab: {
          ...{ v: 2, at: 1_700_000_000, user_id: 'google-oauth2|pat-g' },
          ...{ user_metadata: {}, app_metadata: { tier: 'gold' } },
        },
      },
    }),
    account('pat', ['google-oauth2|pat-g']),
  ],
})

/** Waits for the message that says how the act ended. */
const expectOutcome = (page: Page, text: string) => expect(page.getByRole('status')).toHaveText(text)

const identitiesOf = async (tenant: FlowTenant, userId: string) =>
  (await tenant.user(userId))?.identities.map(({ provider }) => provider)

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', { tag: '@full' }, () => {
    test.use({ javaScriptEnabled })

    // One test does all acts after one sign-in, because a sign-in takes longer than the acts.
    test('an operator does every act, and some are refused', async ({ page, demo, reset, browser }) => {
      const tenant = new FlowTenant(demo)
      await reset(worldOf(demo))
      await tenant.openSessions('auth0|pam', 2, 1)
      await signInToConsole(page, demo)

      await test.step('disconnects an identity', async () => {
        await findAccount(page, demo, 'max@example.com')
        const google = page.getByRole('listitem').filter({ hasText: 'google-oauth2|max-g' })
        await google.getByRole('button', { name: 'Disconnect' }).click()
        await expect(page.getByText('google-oauth2|max-g leaves auth0|max')).toBeVisible()
        await giveReason(page, 'Disconnect')
        await expectOutcome(page, 'The identity is disconnected.')
        expect(await identitiesOf(tenant, 'auth0|max')).toEqual(['auth0', 'github', 'line'])
      })

      await test.step('gives back, clears a decline and ends sessions', async () => {
        await findAccount(page, demo, 'pam@example.com')
        await act(page, 'Give back')
        await expectOutcome(page, 'The details are given back.')
        expect((await tenant.user('google-oauth2|pat-g'))?.app_metadata).toMatchObject({ tier: 'gold' })
        await act(page, 'Clear decline')
        await expectOutcome(page, 'The decline is cleared.')
        await expect(page.getByRole('region', { name: 'Declines' })).toContainText('Nothing was declined.')
        await act(page, 'End sessions')
        await expectOutcome(page, 'The sessions are ended.')
        await tenant.ended('auth0|pam')
        const open = (await tenant.sessions()).filter(({ user_id }) => user_id === 'auth0|pam')
        expect(open).toEqual([])
      })

      await test.step('links two accounts for their owner', async () => {
        await findAccount(page, demo, 'ned@example.com')
        await page.getByRole('link', { name: 'auth0|ned' }).click()
        await act(page, 'Link')
        await expectOutcome(page, 'The accounts are linked.')
        await expect(page.getByRole('region', { name: 'Snapshots' })).toContainText('proof: operator')
        expect(await identitiesOf(tenant, 'auth0|ned')).toEqual(['auth0', 'google-oauth2'])
      })

      await test.step('pauses offers, and resumes them', async () => {
        await page.goto(`${demo.app}/console`)
        await act(page, 'Pause offers')
        await expectOutcome(page, 'Offers are paused: logins continue without linking.')
        await act(page, 'Resume offers')
        await expectOutcome(page, 'Offers are resumed.')
      })

      await test.step('filters the funnel', async () => {
        await page.getByRole('combobox', { name: 'Connection' }).selectOption({ index: 0 })
        await button(page, 'Show').click()
        await expect(page).toHaveURL(/\?application=&connection=#funnel$/)
        await expect(page.getByRole('img', { name: 'Offers and links by day' })).toBeVisible()
        // The link of the step above is counted.
        await expect(page.getByRole('listitem').filter({ hasText: /^linked/ })).toContainText(/[1-9]/)
        await page.getByText('The numbers of each day').click()
        await expect(page.getByRole('row')).toHaveCount(31)
      })

      await test.step('is refused without a reason', async () => {
        await findAccount(page, demo, 'max@example.com')
        const github = page.getByRole('listitem').filter({ hasText: 'github|max-h' })
        await github.getByRole('button', { name: 'Disconnect' }).click()
        const preview = page.url()
        // The browser itself refuses to submit an empty field.
        await button(page, 'Disconnect').click()
        expect(page.url()).toBe(preview)
        await giveReason(page, 'Disconnect', ' ')
        await expectOutcome(page, 'Give a reason.')
        expect(await identitiesOf(tenant, 'auth0|max')).toContain('github')
      })

      await test.step('is refused what another operator did meanwhile', async () => {
        const other = await browser.newContext({ javaScriptEnabled, ignoreHTTPSErrors: true })
        try {
          const theirs = await other.newPage()
          await signInToConsole(theirs, demo, 'otto@example.com')
          for (const each of [page, theirs]) {
            await findAccount(each, demo, 'max@example.com')
            const github = each.getByRole('listitem').filter({ hasText: 'github|max-h' })
            await github.getByRole('button', { name: 'Disconnect' }).click()
          }
          await giveReason(theirs, 'Disconnect')
          await expectOutcome(theirs, 'The identity is disconnected.')
          await giveReason(page, 'Disconnect')
          await expectOutcome(page, 'There is no such link any more, or the time for an undo is over.')
        } finally {
          await other.close()
        }
      })

      await test.step('gets nothing once the permission is gone', async () => {
        await findAccount(page, demo, 'max@example.com')
        const line = page.getByRole('listitem').filter({ hasText: 'line|max-l' })
        await line.getByRole('button', { name: 'Disconnect' }).click()
        await tenant.administer('DELETE', 'auth0|olga', permissionOf(demo), '/permissions')
        await giveReason(page, 'Disconnect')
        await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible()
        expect(await identitiesOf(tenant, 'auth0|max')).toContain('line')
      })
    })
  })
