import { visitMails } from '../../scripts/lib/page-tour.mjs'
import { expect, expectAccessibleAlways, expectToFit, test } from '../support/browser/e2e'

const common = { email: 'mia@example.com', email_verified: true }
/** A person who gets no mails from other tests, because an address gets at most five mails a day. */
const WORLD = {
  users: [
    {
      ...{
        ...common,
        user_id: 'auth0|mia',
        password: 'correct horse',
        logins_count: 9,
        created_at: '2024-03-01T09:00:00.000Z',
      },
      identities: [{ provider: 'auth0', user_id: 'mia', connection: 'Username-Password-Authentication' }],
    },
    {
      ...{ ...common, user_id: 'google-oauth2|mia-g', created_at: '2025-03-01T09:00:00.000Z' },
      identities: [{ provider: 'google-oauth2', user_id: 'mia-g', connection: 'google-oauth2' }],
    },
  ],
}

test('the reader of a mail can undo a link in a browser, and every page is accessible and fits a phone', async ({
  page,
  demo,
  reset,
}) => {
  await reset(WORLD)
  const seen: string[] = []
  await visitMails(
    page,
    demo,
    async (name) => {
      seen.push(name)
      await page.setViewportSize({ width: 320, height: 640 })
      await expectToFit(page, name)
      if (name !== 'mail') await test.step(name, () => expectAccessibleAlways(page))
    },
    'mia@example.com',
  )
  expect(seen).toEqual([
    'mail',
    'not-me',
    'not-me-done',
    'not-me-stale',
    'not-me-sign-out',
    'not-me-signed-out',
  ])
})
