import { describe, expect, it } from 'vitest'
import { hash12 } from '@/core'
import { FlowBrowser } from '../support/browser/flow-browser'
import { errorCode } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { SecondInstance } from '../support/flow/second-instance'
import { identitiesOf, PAGE, Settings } from '../support/flow/settings'

describe('two instances that share nothing', () => {
  const own = ownDemo({})
  const instance = new SecondInstance(own)

  it('J06 leave one usable identity if each of them disconnects one of the last two', async () => {
    const { flow } = own
    const { tenant } = flow
    const database = 'Username-Password-Authentication'
    const linked = [
      { provider: 'github', user_id: '7', connection: 'github' },
      { provider: 'google-oauth2', user_id: '8', connection: 'google-oauth2' },
    ]
    const { users } = await tenant.world()
    const world = {
      users: users.map((user) =>
        user.user_id === 'auth0|dee' ? { ...user, identities: [...user.identities, ...linked] } : user,
      ),
    }
    await tenant.reset(world)
    const dee = new Settings(flow, new FlowBrowser())
    await dee.open('dee@example.com')
    const connections = (await tenant.connections()).map((connection) =>
      connection.name === database ? { ...connection, clients: ['linking'] } : connection,
    )
    await tenant.reset({ ...world, connections })
    const [github, google] = await Promise.all(['github|7', 'google-oauth2|8'].map(hash12))
    const first = await dee.view(`/disconnect?identity=${github}`)
    // Open the page at both instances first. A process loads a page's code at its first view, which would delay the form.
    const second = await dee.browser.visit(instance.at(`${PAGE}/disconnect?identity=${google}`))
    // The delay lets both instances decide before either of them has unlinked.
    await tenant.faults({ match: { method: 'DELETE', path: '/identities/' }, effect: { delay_ms: 1500 } })
    const answers = await Promise.all([
      dee.browser.press(first, 'Disconnect'),
      instance.press(dee.browser, second, 'Disconnect'),
    ])
    expect(answers.map(errorCode).filter(Boolean)).toEqual(['last_way_in'])
    const calls = (await tenant.writes()).filter((write) => /^(un)?link/.test(write))
    expect(calls).toHaveLength(3)
    expect(await identitiesOf(flow, 'auth0|dee')).toHaveLength(2)
  })
})
