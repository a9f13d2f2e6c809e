import {
  button,
  control,
  countLinks,
  expect,
  expectSignedIn,
  openConfirm,
  startLogin,
  test,
} from '../support/e2e'

test.describe('a link that the tenant refuses', () => {
  test('costs nobody the login, and is explained at the next one', async ({ page, demo }) => {
    await openConfirm(page, demo)
    await control(demo, 'faults', [
      { match: { method: 'POST', path: '/identities$' }, effect: { status: 400 } },
    ])
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    expect(await countLinks(demo)).toBe(0)

    await fetch(`${demo.tenant}/_tenant/faults`, { method: 'DELETE' })
    await page.context().clearCookies()
    await startLogin(page, demo)
    await expect(page.getByRole('status')).toContainText('Last time, linking these accounts did not work.')
  })
})
