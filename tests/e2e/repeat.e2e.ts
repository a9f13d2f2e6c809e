import {
  button,
  control,
  countLinks,
  expect,
  expectRefusal,
  expectSignedIn,
  openConfirm,
  openPrompt,
  prove,
  signIn,
  test,
} from '../support/browser/e2e'

test.describe('reloading', () => {
  test('shows every page of an open flow again, and the link is made once', async ({ page, demo }) => {
    await openPrompt(page, demo)
    await page.reload()
    await prove(page, 'dee@example.com')
    await expectRefusal(page, 'wrong_account')
    await page.reload()
    await expectRefusal(page, 'wrong_account')
    await button(page, 'Try again').click()
    await expect(page.getByRole('textbox', { name: 'Password' })).toBeVisible()
    await page.reload()
    await signIn(page, 'ann@example.com')
    await expect(page.getByRole('heading', { name: 'Link these accounts?' })).toBeVisible()
    await page.reload()
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })
})

test.describe('the browser’s back button', () => {
  test('leads from the tenant to the prompt, which still works', async ({ page, demo }) => {
    await openPrompt(page, demo)
    await button(page, 'Link accounts').click()
    await expect(page.getByRole('textbox', { name: 'Password' })).toBeVisible()
    await page.goBack()
    await prove(page)
    await expect(page.getByRole('heading', { name: 'Link these accounts?' })).toBeVisible()
    // Going back shows the tenant's form, which cannot be used again, and then the prompt, which can.
    await page.goBack()
    await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Is this account yours too?')
    await prove(page)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })

  test('leads from a finished login to a page that says it is finished', async ({ page, demo }) => {
    await openPrompt(page, demo)
    const prompt = page.url()
    await prove(page)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')

    await page.goBack()
    await expectRefusal(page, 'already_used')
    await page.goto(prompt)
    await expectRefusal(page, 'already_used')
    await expect(page.getByRole('link', { name: 'Start signing in again' })).toHaveAttribute(
      'href',
      `${demo.other}/login`,
    )
    expect(await countLinks(demo)).toBe(1)
  })

  test('does not allow a second answer to the same prompt', async ({ page, demo }) => {
    await openPrompt(page, demo)
    const second = await page.context().newPage()
    await second.goto(page.url())
    await button(page, 'Not now').click()
    await expectSignedIn(page, demo, 'google-oauth2|ann-g')
    await button(second, 'Link accounts').click()
    await expectRefusal(second, 'already_used')
  })
})

test.describe('two tabs', () => {
  test('have a flow each, and only one link is made', async ({ page, demo, context }) => {
    // A link ends other sessions after a delay. Make it long, so that this session outlives the test.
    await control(demo, 'options', { ending_delay_ms: 60_000 })
    const second = await context.newPage()
    await openConfirm(page, demo)
    await openConfirm(second, demo)
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    await button(second, 'Link accounts').click()
    // The account of this login is now part of the other one, so the tenant ends it with an error. A new one needs no form.
    await expect(second).toHaveURL(new RegExp(`^${demo.other}/callback`))
    await second.goto(`${demo.other}/login`)
    await expectSignedIn(second, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })

  test('do not disturb each other while the other account is proven', async ({ page, demo, context }) => {
    const second = await context.newPage()
    await openPrompt(page, demo)
    // Ann has a session at the tenant, so this login needs no sign-in.
    await second.goto(`${demo.other}/login`)
    await button(page, 'Link accounts').click()
    await button(second, 'Not now').click()
    await expectSignedIn(second, demo, 'google-oauth2|ann-g')
    await signIn(page, 'ann@example.com')
    await button(page, 'Link accounts').click()
    await expectSignedIn(page, demo, 'auth0|ann')
    expect(await countLinks(demo)).toBe(1)
  })
})
