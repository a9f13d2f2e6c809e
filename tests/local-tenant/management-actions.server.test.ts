import { beforeEach, describe, expect, it } from 'vitest'
import { playActions } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { administer } from '../support/tenant/management'
import { complete, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
beforeEach(() => {
  playActions(tenant, [])
  state.reset()
})

const SCOPES = 'create:actions read:actions update:actions delete:actions'
const call = (method: string, path: string, body?: unknown, scope = SCOPES) =>
  administer(tenant, scope, method, `/actions${path}`, body)

const POST_LOGIN = [{ id: 'post-login', version: 'v3' }]
const says = (expression: string) =>
  `exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('https://example.com/said', ${expression}) }`

async function anAction(over: object = {}): Promise<string> {
  const body = { name: 'Speaker', code: says('"one"'), supported_triggers: POST_LOGIN, ...over }
  const { body: action } = await call('POST', '/actions', body)
  return action.id
}

async function deploy(id: string): Promise<string> {
  await call('GET', `/actions/${id}`)
  const { body: version } = await call('POST', `/actions/${id}/deploy`)
  await call('GET', `/actions/${id}`)
  return version.id
}

const bind = (...names: string[]) =>
  call('PATCH', '/triggers/post-login/bindings', {
    bindings: names.map((value) => ({ ref: { type: 'action_name', value } })),
  })

/** Returns what the Action wrote into the ID token of a login. */
async function saidAtLogin(): Promise<unknown> {
  const login = await startLogin(tenant)
  const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
  return tokens.claims()?.['https://example.com/said']
}

describe('/api/v2/actions/actions', () => {
  it('runs a deployed and bound Action at login, with its secrets, but not its draft', async () => {
    const id = await anAction({
      code: says('event.secrets.WORD'),
      secrets: [{ name: 'WORD', value: 'hello' }],
    })
    expect((await bind('Speaker')).status).toBe(400)
    await deploy(id)
    expect(await saidAtLogin()).toBeUndefined()
    expect((await bind('Speaker')).status).toBe(200)
    expect(await saidAtLogin()).toBe('hello')
    await call('PATCH', `/actions/${id}`, { code: says('"draft"') })
    expect(await saidAtLogin()).toBe('hello')
    await deploy(id)
    expect(await saidAtLogin()).toBe('draft')
  })

  it('builds a created or changed draft by the time it is next read, and deploys none before', async () => {
    const id = await anAction()
    expect((await call('POST', `/actions/${id}/deploy`)).body.message).toContain(
      "must be in the 'built' state",
    )
    expect((await call('GET', `/actions/${id}`)).body.status).toBe('built')
    expect((await call('POST', `/actions/${id}/deploy`)).body).toMatchObject({ number: 1, status: 'built' })
    await call('GET', `/actions/${id}`)
    expect((await call('PATCH', `/actions/${id}`, { code: says('"two"') })).body).toMatchObject({
      status: 'pending',
      all_changes_deployed: false,
      deployed_version: { number: 1 },
    })
  })

  it('replaces secrets as a whole, keeps the value of one that is sent without a value, and shows no values', async () => {
    const id = await anAction({
      secrets: [
        { name: 'KEPT', value: 'kept-value' },
        { name: 'GONE', value: 'gone-value' },
      ],
    })
    const { body } = await call('PATCH', `/actions/${id}`, {
      secrets: [{ name: 'KEPT' }, { name: 'NEW', value: 'new-value' }, { name: 'EMPTY' }],
    })
    expect(body.secrets.map(({ name }: { name: string }) => name)).toEqual(['KEPT', 'NEW', 'EMPTY'])
    const values = state.actions.get(id)?.secrets.map(({ value }) => value)
    expect(values).toEqual(['kept-value', 'new-value', undefined])
    await deploy(id)
    const shown = await Promise.all([
      call('GET', '/actions'),
      call('GET', `/actions/${id}`),
      call('GET', `/actions/${id}/versions`),
      bind('Speaker'),
    ])
    expect(JSON.stringify(shown.map((answer) => answer.body))).not.toMatch(/\w+-value/)
    expect(JSON.stringify(state.ledger)).not.toMatch(/\w+-value/)
  })

  it('lists existing secrets before new ones, in their previous order', async () => {
    const named = (...names: string[]) => names.map((name) => ({ name, value: name }))
    const id = await anAction({ secrets: named('FIRST', 'SECOND', 'GONE') })
    const change = { secrets: named('NEW', 'SECOND', 'LATER', 'FIRST') }
    const { body } = await call('PATCH', `/actions/${id}`, change)
    expect(body.secrets.map(({ name }: { name: string }) => name)).toEqual([
      'FIRST',
      'SECOND',
      'NEW',
      'LATER',
    ])
  })

  it('goes back to an earlier version, including its secrets', async () => {
    const code = says('event.secrets.WORD')
    const id = await anAction({ code, secrets: [{ name: 'WORD', value: 'first' }] })
    const first = await deploy(id)
    await bind('Speaker')
    await call('PATCH', `/actions/${id}`, { secrets: [{ name: 'WORD', value: 'second' }] })
    await deploy(id)
    expect(await saidAtLogin()).toBe('second')
    const back = await call('POST', `/actions/${id}/versions/${first}/deploy`, { update_draft: true })
    expect(back.body).toMatchObject({ number: 3, deployed: false })
    expect(await saidAtLogin()).toBe('first')
    expect((await call('GET', `/actions/${id}`)).body.all_changes_deployed).toBe(true)
    expect((await call('GET', `/actions/${id}/versions`)).body).toMatchObject({
      total: 3,
      versions: [{ number: 3, deployed: true }, { number: 2, deployed: false }, { number: 1 }],
    })
    expect((await call('GET', `/actions/${id}/versions/none`)).status).toBe(404)
  })

  it('deploys a moment after the call: a read or a login finds it done, and it cannot be bound before', async () => {
    const id = await anAction()
    await call('GET', `/actions/${id}`)
    expect((await call('POST', `/actions/${id}/deploy`)).body.deployed).toBe(false)
    await call('GET', '/triggers/post-login/bindings')
    expect((await bind('Speaker')).body.message).toContain('has not been deployed yet')
    expect((await call('GET', `/actions/${id}/versions`)).body.versions).toMatchObject([{ deployed: true }])
    expect((await bind('Speaker')).status).toBe(200)
    await call('PATCH', `/actions/${id}`, { code: says('"two"') })
    await call('GET', `/actions/${id}`)
    await call('POST', `/actions/${id}/deploy`)
    expect(await saidAtLogin()).toBe('two')
  })

  it('deploys within a second even if the client does not read the Action again', async () => {
    const id = await anAction()
    await call('GET', `/actions/${id}`)
    await call('POST', `/actions/${id}/deploy`)
    expect((await bind('Speaker')).status).toBe(400)
    state.clockOffset = 1
    expect((await bind('Speaker')).status).toBe(200)
  })

  it('shows the states that the options name, and keeps the previous version if a deployment fails', async () => {
    state.changeOptions({ action_states: { build: ['building', 'retrying', 'built'] } })
    const id = await anAction()
    const statusOf = async () => (await call('GET', `/actions/${id}`)).body.status
    expect([await statusOf(), await statusOf()]).toEqual(['building', 'retrying'])
    expect((await call('POST', `/actions/${id}/deploy`)).status).toBe(400)
    expect([await statusOf(), await statusOf()]).toEqual(['built', 'built'])
    const first = (await call('POST', `/actions/${id}/deploy`)).body.id
    await statusOf()
    await bind('Speaker')
    state.changeOptions({ action_states: { build: ['built'], deployment: ['building', 'failed'] } })
    await call('PATCH', `/actions/${id}`, { code: says('"two"') })
    await statusOf()
    const second = (await call('POST', `/actions/${id}/deploy`)).body.id
    const shown = async () => (await call('GET', `/actions/${id}`)).body
    expect(await shown()).toMatchObject({
      current_version: { id: second, status: 'BUILDING' },
      deployed_version: { id: first, deployed: true },
      all_changes_deployed: false,
    })
    expect(await shown()).toMatchObject({
      current_version: { status: 'FAILED' },
      deployed_version: { id: first },
    })
    expect(await saidAtLogin()).toBe('one')
    state.changeOptions({ action_states: { build: ['failed'] } })
    await call('PATCH', `/actions/${id}`, { code: says('"three"') })
    expect([await statusOf(), await statusOf()]).toEqual(['failed', 'failed'])
    expect((await call('POST', `/actions/${id}/deploy`)).status).toBe(400)
  })

  it('treats a draft that was changed during its deployment as not deployed', async () => {
    state.changeOptions({ action_states: { deployment: ['building', 'built'] } })
    const id = await anAction()
    await call('GET', `/actions/${id}`)
    await call('POST', `/actions/${id}/deploy`)
    await call('PATCH', `/actions/${id}`, { code: says('"two"') })
    await call('GET', `/actions/${id}`)
    expect((await call('GET', `/actions/${id}`)).body).toMatchObject({
      all_changes_deployed: false,
      deployed_version: { code: says('"one"') },
    })
  })

  it('allows a name only once, and deletes a bound Action only if forced', async () => {
    const id = await anAction()
    const again = { name: 'Speaker', code: '', supported_triggers: POST_LOGIN }
    expect((await call('POST', '/actions', again)).status).toBe(409)
    await deploy(id)
    await bind('Speaker')
    expect((await call('DELETE', `/actions/${id}`)).status).toBe(409)
    expect((await call('DELETE', `/actions/${id}?force=true`)).status).toBe(204)
    expect((await call('GET', '/triggers/post-login/bindings')).body.bindings).toEqual([])
    expect((await call('GET', `/actions/${id}`)).status).toBe(404)
  })

  it('lists by name and by page, and refuses include_totals', async () => {
    await anAction()
    await anAction({ name: 'Other' })
    expect((await call('GET', '/actions?actionName=Other')).body).toMatchObject({
      total: 1,
      actions: [{ name: 'Other' }],
    })
    expect((await call('GET', '/actions?per_page=1&page=1')).body.actions).toHaveLength(1)
    expect((await call('GET', '/actions?include_totals=true')).body.message).toContain('include_totals')
  })

  it.each([
    ['GET', '/actions', 'read:actions'],
    ['POST', '/actions', 'create:actions'],
    ['PATCH', '/actions/x', 'update:actions'],
    ['DELETE', '/actions/x', 'delete:actions'],
    ['POST', '/actions/x/deploy', 'create:actions'],
    ['GET', '/actions/x/versions', 'read:actions'],
    ['POST', '/actions/x/versions/y/deploy', 'create:actions'],
    ['GET', '/triggers', 'read:actions'],
    ['GET', '/triggers/post-login/bindings', 'read:actions'],
    ['PATCH', '/triggers/post-login/bindings', 'update:actions'],
  ])('requires for %s %s the scope %s', async (method, path, scope) => {
    const { status, body } = await call(method, path, undefined, 'read:users')
    expect([status, body.message]).toEqual([403, `Insufficient scope, expected any of: ${scope}`])
  })
})

describe('/api/v2/actions/triggers', () => {
  it('shows the Actions that the tenant was started with, and allows others before and after them', async () => {
    playActions(tenant, ['second'])
    await deploy(await anAction())
    const names = async () =>
      (await call('GET', '/triggers/post-login/bindings')).body.bindings.map(
        ({ action }: { action: { name: string } }) => action.name,
      )
    expect(await names()).toEqual(['second'])
    const [kept] = (await call('GET', '/triggers/post-login/bindings')).body.bindings
    const { body } = await call('PATCH', '/triggers/post-login/bindings', {
      bindings: [
        { ref: { type: 'action_name', value: 'Speaker' }, display_name: 'Says something' },
        { ref: { type: 'binding_id', value: kept.id } },
      ],
    })
    expect(body.bindings[1].id).toBe(kept.id)
    expect(await names()).toEqual(['Speaker', 'second'])
    expect(await saidAtLogin()).toBe('one')
  })

  it('has only the trigger post-login', async () => {
    expect((await call('GET', '/triggers')).body.triggers).toMatchObject([
      { id: 'post-login', version: 'v3' },
    ])
    expect((await call('GET', '/triggers/send-phone-message/bindings')).status).toBe(404)
    expect((await bind('Unknown')).body.message).toContain('does not exist')
  })
})
