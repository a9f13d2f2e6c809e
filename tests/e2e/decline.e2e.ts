import {
  button,
  countLinks,
  expect,
  expectSignedIn,
  openConfirm,
  openPrompt,
  startLogin,
  test,
} from '../support/browser/e2e'

for (const [words, details] of [
  ['Not now', {}],
  ['Don’t ask again', { tag: '@one-site' }],
] as const)
  test.describe(`“${words}”`, details, () => {
    test('lets the login go on unlinked, and the next one shows no prompt', async ({ page, demo }) => {
      await openPrompt(page, demo)
      await button(page, words).click()
      await expectSignedIn(page, demo, 'google-oauth2|ann-g')

      await page.context().clearCookies()
      await startLogin(page, demo)
      await expectSignedIn(page, demo, 'google-oauth2|ann-g')
      expect(await countLinks(demo)).toBe(0)
    })

    test('can still be pressed after the other account is proven', async ({ page, demo }) => {
      await openConfirm(page, demo)
      await button(page, words).click()
      await expectSignedIn(page, demo, 'google-oauth2|ann-g')
      expect(await countLinks(demo)).toBe(0)
    })
  })
