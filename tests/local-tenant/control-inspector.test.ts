import { parse } from 'node-html-parser'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const scope = 'read:users update:users'
const linkAnn = () =>
  tenant.call('POST', userPath('auth0|ann', 'identities'), {
    scope,
    body: { provider: 'google-oauth2', user_id: 'ann-g' },
  })

describe('the inspector', () => {
  const page = async () => parse((await tenant.call('GET', '/_tenant/')).body)

  it('shows the accounts before and after a link', async () => {
    expect((await page()).querySelectorAll('.cards article')).toHaveLength(22)
    expect((await page()).querySelector('main')?.text).toContain('Nothing yet')
    await linkAnn()
    const after = await page()
    expect(after.querySelectorAll('.cards article')).toHaveLength(21)
    expect(after.querySelector('ol')?.text).toContain('google-oauth2|ann-g into auth0|ann, by linking-m2m')
    const ways = after
      .querySelectorAll('.comparison article')
      .map(({ text }) => /\S+ ways? in/.exec(text)?.[0])
    expect(ways).toEqual(['One way in', 'One way in', '2 ways in'])
    await tenant.call('DELETE', userPath('auth0|ann', 'identities', 'google-oauth2', 'ann-g'), { scope })
    expect((await page()).querySelector('ol')?.text).toContain('google-oauth2|ann-g from auth0|ann')
  })

  it('escapes texts of users and Actions, and needs no script', async () => {
    await tenant.call('PATCH', userPath('auth0|ann'), { scope, body: { name: '<script>x</script>' } })
    const at = new Date().toISOString()
    tenant.state.logAction({
      at,
      action: 'a',
      handler: 'onExecutePostLogin',
      user_id: 'auth0|ann',
      line: `<b>${'x'.repeat(300)}`,
    })
    const html = (await tenant.call('GET', '/_tenant/')).body
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;b&gt;')
    expect(html).not.toContain('x'.repeat(254))
    expect(html).not.toContain('correct horse')
  })
})
