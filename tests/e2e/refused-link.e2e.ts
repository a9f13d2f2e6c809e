import {
  button,
  control,
  countLinks,
  type DemoAddresses,
  expect,
  expectSignedIn,
  openConfirm,
  startLogin,
  test,
} from '../support/browser/e2e'

const refuseLinks = (demo: DemoAddresses, status: number) =>
  control(demo, 'faults', [{ match: { method: 'POST', path: '/identities$' }, effect: { status } }])

test.describe('a link that the tenant', () => {
  test('cannot make now does not stop the login, and the next prompt says that linking failed', async ({
    page,
    demo,
  }) => {
    await openConfirm(page, demo)
    await refuseLinks(demo, 503)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    expect(await countLinks(demo)).toBe(0)

    await fetch(`${demo.tenant}/_tenant/faults`, { method: 'DELETE' })
    await page.context().clearCookies()
    await startLogin(page, demo)
    await expect(page.getByRole('status')).toContainText('Linking didn’t work last time.')
  })

  test('refuses does not stop the login, is not offered again, and is explained on the page “Sign-in methods”', async ({
    page,
    demo,
  }) => {
    await openConfirm(page, demo)
    await refuseLinks(demo, 400)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    expect(await countLinks(demo)).toBe(0)

    await fetch(`${demo.tenant}/_tenant/faults`, { method: 'DELETE' })
    await page.context().clearCookies()
    await page.goto(`${demo.other}/login?connection=google-oauth2`)
    await button(page, 'ann@example.com').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    await page.goto(`${demo.app}/settings/connected-accounts`)
    await expect(page.getByRole('main')).toContainText('Connecting another account didn’t work last time.')
  })
})
