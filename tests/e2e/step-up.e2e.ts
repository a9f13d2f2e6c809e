import { button, control, expect, signIn, test } from '../support/browser/e2e'

const PATH = '/settings/connected-accounts'
const LONG_AGO = 15 * 60
const DEE = {
  user_id: 'auth0|dee',
  email: 'dee@example.com',
  email_verified: true,
  password: 'correct horse',
  identities: [
    { provider: 'auth0', user_id: 'dee', connection: 'Username-Password-Authentication' },
    {
      provider: 'github',
      user_id: '7',
      connection: 'github',
      profileData: { email: 'dee@example.com', email_verified: true },
    },
  ],
}

test.describe('an old sign-in', () => {
  test('is renewed once, and then the person can disconnect an identity', async ({ page, demo, reset }) => {
    await reset({ users: [DEE] })
    await control(demo, 'clock', { offset_seconds: -LONG_AGO })
    await page.goto(`${demo.app}${PATH}`)
    await signIn(page, 'dee@example.com')
    await expect(page.getByRole('heading', { name: '2 sign-in methods' })).toBeVisible()
    await control(demo, 'clock', { offset_seconds: 0 })

    await page.getByRole('link', { name: /^Disconnect/ }).click()
    await button(page, 'Sign in again').click()
    await signIn(page, 'dee@example.com')

    // The browser is back on the page that asked for the sign-in, with the renewed session.
    await expect(page).toHaveURL(new RegExp(`^${demo.app}${PATH}/disconnect`))
    await expect(button(page, 'Sign in again')).toHaveCount(0)
    await button(page, 'Disconnect').click()
    await expect(page.getByRole('status')).toContainText('Disconnected.')
    await page.reload()
    await expect(page.getByRole('listitem')).not.toHaveCount(0)
    await expect(page).toHaveURL(new RegExp(`^${demo.app}${PATH}`))
  })
})
