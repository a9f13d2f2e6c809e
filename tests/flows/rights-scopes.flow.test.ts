import { expect, it } from 'vitest'
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import { readDesired } from '@/operator/shared/desired'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { Settings, withoutScopes } from '../support/flow/settings'

const VALUES = { ROLES: 'drop', MEMBERSHIPS: 'drop' }
const own = ownDemo({
  env: VALUES,
  secrets: { ACCOUNT_LINKING_ROLES: 'drop', ACCOUNT_LINKING_MEMBERSHIPS: 'drop' },
})

const person = (user_id: string, connection: string, year: number) => {
  const [provider = '', id = ''] = user_id.split('|')
  return {
    ...{ user_id, email: 'kim@example.com', email_verified: true, created_at: `${year}-01-01T00:00:00.000Z` },
    identities: [{ provider, user_id: id, connection }],
  }
}

it('with the scopes that `provision` grants, an undo gives back the rights that the link dropped and those that both accounts had', async () => {
  const { flow } = own
  const { tenant } = flow
  const organizations = [
    { name: 'shared', roles: ['editor'] },
    { name: 'alone', roles: ['editor'] },
  ]
  await tenant.reset({
    roles: [{ name: 'editor' }],
    organizations: organizations.map(({ name }) => ({ name, connections: ['google-oauth2'] })),
    users: [
      {
        ...person('auth0|kim', 'Username-Password-Authentication', 2023),
        organizations: organizations.slice(0, 1),
      },
      { ...person('google-oauth2|kim-g', 'google-oauth2', 2025), roles: ['editor'], organizations },
    ],
  })
  const before = await tenant.user('google-oauth2|kim-g')
  const browser = new FlowBrowser()
  const prompt = await flow.signIn(browser, 'kim@example.com', { with: 'google-oauth2' })
  await browser.press(await flow.prove(browser, prompt, 'kim@example.com'), BUTTONS.link)
  expect(await tenant.user('google-oauth2|kim-g')).toBeUndefined()

  const kim = new Settings(flow, browser)
  await kim.open('kim@example.com')
  const { scope } = readDesired('auth0', VALUES).grant
  const others = LINKING_SCOPES.filter((each) => !scope.includes(each))
  expect(others).toContain('delete:organization_members')
  await withoutScopes(kim, others, async () => {
    await kim.disconnect(await kim.view(), 'Undo')
  })
  const after = await tenant.user('google-oauth2|kim-g')
  expect(after).toMatchObject({ roles: ['editor'], organizations: expect.arrayContaining(organizations) })
  expect(before).toMatchObject({ roles: ['editor'], organizations: expect.arrayContaining(organizations) })
})
