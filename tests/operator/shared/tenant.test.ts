import { afterEach, describe, expect, it, vi } from 'vitest'
import { Tenant } from '@/operator/shared/tenant'

const POLLING = { pauseMs: 1, maxReads: 4 }
const ID = 'the-action'

/** The calls, as `METHOD path`. */
let calls: string[]
afterEach(() => vi.unstubAllGlobals())

/** A tenant that gives these answers to reads of the Action in order, and repeats the last one. */
function aTenant(reads: object[], others: Record<string, readonly [number, object]> = {}): Tenant {
  calls = []
  const left = [...reads]
  vi.stubGlobal('fetch', async (address: string | URL | Request, init?: RequestInit) => {
    const request = new Request(address, init)
    const { pathname } = new URL(request.url)
    const call = `${request.method} ${pathname.replace('/api/v2/', '')}`
    calls.push(call)
    const [status, body] = others[call] ?? [200, (left.length > 1 ? left.shift() : left[0]) ?? {}]
    return Response.json(body, { status })
  })
  return new Tenant('tenant.example.com', 'token', POLLING)
}

const version = (id: string, deployed: boolean, status = 'built') => ({
  status: 'built',
  deployed_version: { id, deployed, status },
})
const states = (...all: string[]) => all.map((status) => ({ status }))

describe('Tenant.deployAction', () => {
  const deployment = { [`POST actions/actions/${ID}/deploy`]: [200, { id: 'v2', deployed: false }] } as const

  it.each([
    [states('built')],
    [states('pending', 'building', 'built')],
    [states('pending', 'packaged', 'retrying', 'built')],
  ])('deploys after the tenant has built the draft: %j', async (reads) => {
    const tenant = aTenant(reads, deployment)
    expect(await tenant.deployAction(ID)).toBe('v2')
    expect(calls).toEqual([
      ...reads.map(() => `GET actions/actions/${ID}`),
      `POST actions/actions/${ID}/deploy`,
    ])
  })

  it.each([
    ['failed', states('building', 'failed')],
    ['retrying', states('retrying')],
  ])('does not deploy a draft whose last state is %s', async (state, reads) => {
    await expect(aTenant(reads, deployment).deployAction(ID)).rejects.toMatchObject({
      code: 'build_failed',
      message: expect.stringContaining(state),
    })
    expect(calls).not.toContain(`POST actions/actions/${ID}/deploy`)
  })
})

describe('Tenant.awaitDeployment', () => {
  it.each([
    ['at once', [version('v2', true)]],
    ['after it was pending', [version('v2', false, 'building'), version('v2', false), version('v2', true)]],
    ['after reads of the previous version', [version('v1', true), version('v1', true), version('v2', true)]],
    ['after a read without a version', [...states('built'), version('v2', true)]],
  ])('waits until the version is deployed: %s', async (_how, reads) => {
    await aTenant(reads).awaitDeployment(ID, 'v2')
    expect(calls).toHaveLength(reads.length)
  })

  it.each([
    ['the Action', [{ ...version('v1', true), status: 'failed' }]],
    ['the version', [version('v1', true), version('v2', false, 'failed')]],
    [
      'the current version, in capitals',
      [{ ...version('v1', true), current_version: { id: 'v2', status: 'FAILED' } }],
    ],
  ])('stops if the tenant reports a failure of %s', async (_what, reads) => {
    await expect(aTenant(reads).awaitDeployment(ID, 'v2')).rejects.toMatchObject({
      code: 'deployment_failed',
      message: expect.stringContaining('version v2 failed'),
    })
    expect(calls).toHaveLength(reads.length)
  })

  it('is not misled by an earlier version that failed', async () => {
    const failed = { ...version('v1', true), current_version: { id: 'v0', status: 'FAILED' } }
    await aTenant([failed, version('v2', true)]).awaitDeployment(ID, 'v2')
  })

  it('stops after the last read', async () => {
    await expect(aTenant([version('v1', true)]).awaitDeployment(ID, 'v2')).rejects.toMatchObject({
      code: 'deployment_failed',
      message: expect.stringContaining('has not ended'),
    })
    expect(calls).toHaveLength(POLLING.maxReads)
  })

  it('waits for a version that is deployed again', async () => {
    const again = { [`POST actions/actions/${ID}/versions/v1/deploy`]: [200, { id: 'v3' }] } as const
    await aTenant([version('v2', true), version('v3', true)], again).redeployAction(ID, 'v1')
    expect(calls).toHaveLength(3)
  })
})

describe('a refusal with 403', () => {
  const refused = (body: object) =>
    aTenant([], {
      'DELETE clients/a': [403, { statusCode: 403, error: 'Forbidden', ...body }],
    }).deleteClient('a')

  it.each([
    [{ message: 'Insufficient scope, expected any of: delete:clients', errorCode: 'insufficient_scope' }],
    [{ message: 'Insufficient scope, expected any of: a,b' }],
    [{ errorCode: 'insufficient_scope' }],
    [{}],
  ])('is about a scope: %j', async (body) => {
    await expect(refused(body)).rejects.toMatchObject({ code: 'missing_scope' })
  })

  it.each([
    [{ message: 'Insufficient privileges to use this deprecated feature.', errorCode: 'rules_not_allowed' }],
    [{ message: 'Insufficient privileges to use this deprecated feature.', errorCode: 'hooks_not_allowed' }],
    [{ message: 'Please upgrade your subscription to use this.', errorCode: 'insufficient_scope' }],
    [{ message: 'Organizations is not enabled for this tenant', errorCode: 'feature_not_enabled' }],
    [{ message: 'The inbound directory provisioning feature is not enabled for this tenant' }],
    [{ errorCode: 'feature_not_enabled' }],
  ])('is about the plan, or a removed feature: %j', async (body) => {
    await expect(refused(body)).rejects.toMatchObject({ code: 'feature_unavailable' })
  })
})

describe('Tenant.read', () => {
  it('tells a grant for people from one for the application, and recognizes one with every scope', async () => {
    const grant = (id: string, fields: object) => ({ id, client_id: 'a', audience: 'b', ...fields })
    const lists = {
      'GET clients': [200, { clients: [], total: 0, start: 0, limit: 100 }],
      'GET client-grants': [
        200,
        {
          client_grants: [
            grant('people', { scope: ['read:users'], subject_type: 'user' }),
            grant('all', { subject_type: 'client', allow_all_scopes: true }),
            grant('null', { scope: null, subject_type: 'client', allow_all_scopes: true }),
            grant('old', { scope: ['read:users'] }),
          ],
        },
      ],
      'GET connections': [200, { connections: [] }],
      'GET actions/actions': [200, { actions: [], per_page: 100 }],
      'GET actions/triggers/post-login/bindings': [200, { bindings: [], per_page: 50 }],
    } as const
    const { grants } = await aTenant([], lists).read(() => false)
    expect(grants.map(({ id, scope, hasAllScopes }) => [id, scope, hasAllScopes])).toEqual([
      ['all', [], true],
      ['null', [], true],
      ['old', ['read:users'], false],
    ])
  })
})
