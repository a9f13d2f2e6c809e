import { describe, expect, it } from 'vitest'
import { planRollback } from '@/operator/provision/plan-rollback'
import { undoInWords } from '@/operator/provision/rollback'
import type { Actual } from '@/operator/shared/actual'
import { fingerprint } from '@/operator/shared/fingerprint'
import type { RecordedStep } from '@/operator/shared/journal'
import { AUDIENCE, applied } from '../shared/a-tenant'

const rollback = (done: RecordedStep[], change: (actual: Actual) => void = () => undefined) => {
  const actual = applied()
  change(actual)
  return planRollback({ at: '2026-11-24T12:00:00.000Z', isFinished: true, done, fingerprints: {} }, actual)
}

const ALL: RecordedStep[] = [
  { kind: 'create_client', part: 'settings', name: 'Ours: settings' },
  { kind: 'create_client', part: 'proof', name: 'Ours: proof' },
  { kind: 'create_client', part: 'management', name: 'Ours: management' },
  { kind: 'create_grant', client: 'management-id', audience: AUDIENCE },
  { kind: 'create_api', identifier: 'https://app.example.com/api' },
  { kind: 'enable_connection', id: 'con', name: 'github', clients: ['settings-id', 'proof-id'] },
  { kind: 'write_env', file: '.env.local', fingerprints: { FLOW_SECRET: fingerprint('e') } },
  { kind: 'create_action', name: 'Account linking' },
  { kind: 'bind_action', name: 'Account linking' },
]

const UPDATED: RecordedStep = {
  kind: 'update_action',
  id: 'ours',
  name: 'Account linking',
  before: 'version-1',
  after: 'version-2',
}

describe('planRollback', () => {
  it('releases logins first, and removes what was created', () => {
    const { steps, left } = rollback(ALL)
    expect(left).toEqual([])
    expect(steps).toEqual([
      { kind: 'unbind_action', name: 'Account linking' },
      { kind: 'delete_action', id: 'ours', name: 'Account linking' },
      { kind: 'clear_env', file: '.env.local', names: ['FLOW_SECRET'] },
      { kind: 'disable_connection', id: 'con', name: 'github', clients: ['settings-id', 'proof-id'] },
      { kind: 'delete_api', id: 'api', identifier: 'https://app.example.com/api' },
      { kind: 'delete_grant', id: 'grant' },
      { kind: 'delete_client', id: 'management-id', name: 'Ours: management' },
      { kind: 'delete_client', id: 'proof-id', name: 'Ours: proof' },
      { kind: 'delete_client', id: 'settings-id', name: 'Ours: settings' },
    ])
    expect(steps.map(undoInWords).join('\n')).toContain('- application "Ours: proof"')
  })

  it('removes the event stream that it made, and no other', () => {
    const url = 'https://app.example.com/auth0-events'
    const stream = { isEnabled: true, types: [] }
    const { steps } = rollback([{ kind: 'create_event_stream', url }], (actual) => {
      actual.eventStreams = [
        { ...stream, id: 'theirs', url: 'https://example.com/events' },
        { ...stream, id: 'ours', url },
      ]
    })
    expect(steps).toEqual([{ kind: 'delete_event_stream', id: 'ours', url }])
    expect(steps.map(undoInWords)).toEqual([`- event stream to ${url}`])
    expect(rollback([{ kind: 'create_event_stream', url }]).steps).toEqual([])
  })

  it('skips objects that are already gone', () => {
    const gone = (actual: Actual) => {
      Object.assign(actual, {
        clients: [],
        grants: [],
        apis: [],
        connections: [],
        actions: [],
        bindings: [],
        env: {},
      })
    }
    const others: RecordedStep[] = [
      UPDATED,
      { kind: 'update_grant', id: 'grant', before: [], after: ['read:users'] },
      { kind: 'update_client', id: 'proof-id', name: 'x', before: {}, after: { callbacks: [] } },
      { kind: 'update_api', id: 'api', name: 'x', before: {}, after: { scopes: [] } },
    ]
    expect(rollback([...ALL, ...others], gone)).toEqual({ steps: [], left: [] })
  })

  it('undoes once what an interrupted run did twice', () => {
    expect(rollback([...ALL, ...ALL]).steps).toEqual(rollback(ALL).steps)
  })

  it('removes both copies of an application that was created twice', () => {
    const { steps } = rollback(ALL.slice(1, 2), ({ clients }) => {
      clients.push({ client_id: 'twin', name: 'Twin', client_metadata: { account_linking_part: 'proof' } })
    })
    expect(steps).toMatchObject([{ id: 'proof-id' }, { id: 'twin' }])
  })

  it('deploys the earlier version, unless another was deployed since', () => {
    expect(rollback([UPDATED]).steps).toEqual([
      { kind: 'redeploy_action', id: 'ours', name: 'Account linking', version: 'version-1' },
    ])
    const since = rollback([UPDATED], ({ actions }) => {
      for (const action of actions) action.deployedVersion = 'version-3'
    })
    expect(since.steps).toEqual([])
    expect(since.left[0]).toContain('was deployed again since')
  })

  it('leaves an Action that was not deployed before', () => {
    const { before: _before, ...first } = UPDATED
    expect(rollback([first])).toMatchObject({ steps: [], left: [expect.stringContaining('stays as it is')] })
  })

  it('restores the earlier scopes, unless they have changed since', () => {
    const done: RecordedStep = {
      kind: 'update_grant',
      id: 'grant',
      before: ['read:users'],
      after: ['read:users', 'update:users'],
    }
    expect(rollback([done]).steps).toEqual([{ kind: 'restore_grant', id: 'grant', scope: ['read:users'] }])
    const since = rollback([done], ({ grants }) => grants[0]?.scope.push('delete:users'))
    expect(since).toMatchObject({ steps: [], left: [expect.stringContaining('changed since')] })
    const allSince = rollback([done], ({ grants }) =>
      Object.assign(grants[0] ?? {}, { scope: [], hasAllScopes: true }),
    )
    expect(allSince).toMatchObject({ steps: [], left: [expect.stringContaining('changed since')] })
  })

  it('restores fields of the API, except those that have changed since', () => {
    const done: RecordedStep = {
      kind: 'update_api',
      id: 'api',
      name: 'Ours: methods',
      before: { signing_alg: 'HS256', scopes: [] },
      after: { signing_alg: 'RS256', scopes: [] },
    }
    const { steps, left } = rollback([done])
    expect(steps).toEqual([
      { kind: 'restore_api', id: 'api', name: 'Ours: methods', fields: { signing_alg: 'HS256' } },
    ])
    expect(steps.map(undoInWords)).toEqual(['~ API "Ours: methods": signing_alg as before'])
    expect(left).toEqual(['scopes of the API "Ours: methods" has changed since, and stays as it is.'])
  })

  it('restores fields except those that have changed since, and removes an added key of metadata', () => {
    const done: RecordedStep = {
      kind: 'update_client',
      id: 'proof-id',
      name: 'Ours: proof',
      before: { callbacks: ['https://before'], client_metadata: { team: 'a' }, grant_types: ['implicit'] },
      after: {
        callbacks: ['https://app.example.com/proof'],
        client_metadata: { team: 'a', account_linking_part: 'proof' },
        grant_types: ['authorization_code'],
      },
    }
    const { steps, left } = rollback([done], ({ clients }) => {
      for (const client of clients)
        if (client.client_id === 'proof-id')
          Object.assign(client, {
            client_metadata: { team: 'a', account_linking_part: 'proof' },
            grant_types: ['authorization_code', 'refresh_token'],
          })
    })
    expect(steps).toMatchObject([
      {
        kind: 'restore_client',
        fields: {
          callbacks: ['https://before'],
          client_metadata: { team: 'a', account_linking_part: null },
        },
      },
    ])
    expect(left).toEqual([expect.stringContaining('grant_types')])
  })

  it('keeps a variable that has changed since, and names it', () => {
    const { steps, left } = rollback(ALL.slice(6, 7), ({ env }) => {
      env.FLOW_SECRET = 'of their own'
    })
    expect(steps).toEqual([])
    expect(left).toEqual(['FLOW_SECRET in .env.local has changed since, and stays as it is.'])
  })
})
