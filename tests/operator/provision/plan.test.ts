import { describe, expect, it } from 'vitest'
import { describeChange } from '@/operator/provision/change'
import { plan } from '@/operator/provision/plan'
import type { Actual } from '@/operator/shared/actual'
import type { Desired } from '@/operator/shared/desired'
import { applied, CODE, DESIRED, SETTINGS } from '../shared/a-tenant'

const planned = (actual: Actual, desired: Desired = DESIRED) => plan(desired, actual, SETTINGS, ['github'])
/** The plan after a test has changed the current state. */
const plannedWhere = (change: (actual: Actual) => void, desired?: Desired) => {
  const actual = applied()
  change(actual)
  return planned(actual, desired)
}
const kinds = ({ changes }: ReturnType<typeof planned>) => changes.map(({ kind }) => kind)
const ours = (actual: Actual, purpose: string) =>
  actual.clients.find(({ client_id: id }) => id === `${purpose}-id`) ?? {
    client_id: '',
    name: '',
    client_metadata: {},
  }
const action = (actual: Actual) => actual.actions.find(({ id }) => id === 'ours') ?? actual.actions[0]

describe('plan', () => {
  it('has nothing to do after an apply', () => {
    expect(planned(applied())).toEqual({ changes: [], conflicts: [], notes: [] })
  })

  it('creates everything in an empty tenant, in the order of dependence and the trigger last', () => {
    const empty = { clients: [], grants: [], apis: [], actions: [], bindings: [], env: {}, fingerprints: {} }
    const connections = [{ id: 'con', name: 'github', strategy: 'github', clients: [] }]
    expect(kinds(planned({ ...empty, connections, eventStreams: [] }))).toEqual([
      'create_client',
      'create_client',
      'create_client',
      'create_grant',
      'create_api',
      'create_api',
      'enable_connection',
      'write_env',
      'create_action',
      'bind_action',
    ])
  })

  it('keeps additional addresses, and adds missing ones', () => {
    const { changes } = plannedWhere((actual) => {
      ours(actual, 'proof').callbacks = ['https://staging.example.com']
    })
    expect(changes).toMatchObject([
      {
        kind: 'update_client',
        id: 'proof-id',
        before: { callbacks: ['https://staging.example.com'] },
        after: { callbacks: ['https://staging.example.com', 'https://app.example.com/proof'] },
      },
    ])
    expect(describeChange(changes[0] ?? { kind: 'write_env', names: [] }).join()).toContain(
      'https://app.example.com/proof',
    )
  })

  it('removes refresh tokens from our application, and leaves its name and other settings alone', () => {
    const { changes } = plannedWhere((actual) => {
      Object.assign(ours(actual, 'proof'), {
        name: 'Renamed',
        description: 'Theirs to say',
        logo_uri: 'https://example.com/logo.png',
        grant_types: ['authorization_code', 'refresh_token'],
      })
    })
    expect(changes).toMatchObject([{ after: { grant_types: ['authorization_code'] } }])
    expect(Object.keys((changes[0] as { after: object }).after)).toEqual(['grant_types'])
  })

  it('keeps metadata of others, and sets its own again', () => {
    const { changes } = plannedWhere(
      (actual) => {
        ours(actual, 'proof').client_metadata = { account_linking_part: 'proof', team: 'a' }
      },
      withClient('proof', { client_metadata: { account_linking: 'true', account_linking_part: 'proof' } }),
    )
    expect(changes).toMatchObject([
      { after: { client_metadata: { account_linking: 'true', account_linking_part: 'proof', team: 'a' } } },
    ])
  })

  it('adds missing scopes, and keeps additional ones', () => {
    const { changes } = plannedWhere(({ grants }) => {
      if (grants[0]) grants[0].scope = ['read:users', 'delete:users']
    })
    expect(changes).toMatchObject([
      { kind: 'update_grant', after: ['read:users', 'delete:users', 'update:users'] },
    ])
    expect(changes.flatMap(describeChange)).toEqual(['~ grant of the Management API, added: update:users'])
  })

  it('says what read:clients shows and create:organization_members allows, and what they are for', () => {
    const scope = ['read:users', 'read:clients', 'create:organization_members']
    for (const change of [
      { kind: 'create_grant' as const, purpose: 'management' as const, audience: '', scope },
      { kind: 'update_grant' as const, id: '', before: ['read:users'], after: scope },
    ]) {
      const words = describeChange(change).join(' ')
      expect(words).toContain(
        'read:clients shows names, addresses and settings of all applications, no secrets',
      )
      expect(words).toContain('the link back')
      expect(words).toContain('a member of any organization. It is for MEMBERSHIPS')
    }
  })

  it('accepts a grant of every scope', () => {
    const { changes } = plannedWhere(({ grants }) => {
      if (grants[0]) Object.assign(grants[0], { scope: [], hasAllScopes: true })
    })
    expect(changes).toEqual([])
  })

  it('makes the API of the service if the tenant has none with its identifier', () => {
    const { changes } = plannedWhere(({ apis }) => {
      for (const api of apis) if (api.id === 'api') api.identifier = 'https://staging.example.com/api'
    })
    expect(changes).toEqual([
      {
        kind: 'create_api',
        identifier: 'https://app.example.com/api',
        name: 'Ours: methods',
        body: DESIRED.api,
      },
    ])
    expect(changes.flatMap(describeChange)).toEqual([
      '+ API "Ours: methods"',
      '    identifier: https://app.example.com/api',
    ])
  })

  it('sets the API right, and keeps its name, its further scopes, their descriptions and the lifetime of tokens', () => {
    const scopes = [
      { value: 'read:sign_in_methods', description: 'In their words' },
      { value: 'write:theirs', description: 'Theirs' },
    ]
    const theirs = (actual: Actual) => Object.assign(actual.apis[1] ?? {}, { name: 'Renamed', scopes })
    expect(plannedWhere(theirs).changes).toEqual([])
    const { changes } = plannedWhere((actual) => {
      Object.assign(theirs(actual), { scopes: scopes.slice(1), signing_alg: 'HS256', token_lifetime: 60 })
    })
    expect(changes).toEqual([
      {
        kind: 'update_api',
        id: 'api',
        name: 'Renamed',
        before: { signing_alg: 'HS256', scopes: scopes.slice(1) },
        after: { signing_alg: 'RS256', scopes: [...scopes.slice(1), ...(DESIRED.api?.scopes ?? [])] },
      },
    ])
    expect(changes.flatMap(describeChange)).toEqual(['~ API "Renamed": signing_alg, scopes'])
  })

  it('plans no API if the service offers none', () => {
    expect(
      planned({ ...applied(), apis: [] }, { ...DESIRED, api: undefined, consoleApi: undefined }).changes,
    ).toEqual([])
  })

  it('makes the event stream of the service if it listens to one, and leaves one that is there as it is', () => {
    const url = 'https://app.example.com/auth0-events'
    const desired = { ...DESIRED, eventStream: { url, token: 'a-secret-token' } }
    const { changes } = planned(applied(), desired)
    expect(changes).toEqual([{ kind: 'create_event_stream', url }])
    expect(changes.flatMap(describeChange).join('\n')).toBe(
      `+ event stream to ${url}\n    events: user.updated, user.deleted`,
    )
    const there = { id: 'est', url, isEnabled: false, types: [] }
    expect(planned({ ...applied(), eventStreams: [there] }, desired).changes).toEqual([])
    expect(
      kinds(planned({ ...applied(), eventStreams: [{ ...there, url: `${url}-old` }] }, desired)),
    ).toEqual(['create_event_stream'])
  })

  it('grants the scopes to every application that calls the Management API', () => {
    const { changes } = planned(applied(), { ...DESIRED, callers: ['management', 'proof'] })
    expect(changes).toMatchObject([{ kind: 'create_grant', purpose: 'proof' }])
    expect(changes.flatMap(describeChange)[0]).toBe(
      '+ grant of the Management API for the proof of the other account',
    )
  })

  it('plans nothing for an application that the tenant does not need', () => {
    const actual = applied()
    actual.clients = actual.clients.filter(({ client_id: id }) => id !== 'settings-id')
    for (const name of ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET']) delete actual.env[name]
    if (actual.connections[0]) actual.connections[0].clients = ['proof-id']
    expect(planned(actual, { ...DESIRED, purposes: ['proof', 'management'] }).changes).toEqual([])
  })

  it('enables a connection for the application that it is not enabled for', () => {
    const { changes } = plannedWhere(({ connections }) => {
      if (connections[0]) connections[0].clients = ['proof-id']
    })
    expect(changes).toEqual([
      { kind: 'enable_connection', id: 'con', name: 'github', purposes: ['settings'] },
    ])
  })

  it('notes that no one will be asked if the tenant has no connections', () => {
    const { notes } = plannedWhere((actual) => {
      actual.connections = []
    })
    expect(notes.join()).toContain('no one will be asked')
  })

  describe('of the Action', () => {
    it.each([
      ['code', { code: `${CODE}// older` }],
      ['runtime', { runtime: 'node18' }],
      ['dependencies', { dependencies: [{ name: 'lodash', version: '4.0.0' }] }],
      ['secrets', { secrets: ['MANAGEMENT_API_CLIENT_ID'] }],
      ['deployment', { isDeployed: false }],
    ])('changes and deploys it if its %s differs', (field, over) => {
      const { changes } = plannedWhere((actual) => Object.assign(action(actual) ?? {}, over))
      expect(changes).toMatchObject([
        { kind: 'update_action', id: 'ours', fields: [field], before: 'version-2' },
      ])
    })

    it('sets its secrets again if one is known to differ', () => {
      const { changes } = plannedWhere(({ fingerprints }) => {
        fingerprints.SESSION_TOKEN_SHARED_SECRET = 'another'
      })
      expect(changes).toMatchObject([{ kind: 'update_action', fields: ['secrets'] }])
      expect(changes.flatMap(describeChange)).toEqual([
        '~ Action "Account linking": secrets; deployed again',
        '    secrets: SESSION_TOKEN_SHARED_SECRET, MANAGEMENT_API_CLIENT_ID',
      ])
    })

    it('leaves the shared secret alone during a rotation', () => {
      const { changes } = plannedWhere(({ env, fingerprints }) => {
        env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS = 'the one before'
        fingerprints.SESSION_TOKEN_SHARED_SECRET = 'another'
      })
      expect(changes).toEqual([])
    })

    it('keeps its place in the trigger, wherever that is', () => {
      expect(kinds(plannedWhere(({ bindings }) => bindings.reverse()))).toEqual([])
    })

    it('puts it last if it is not in the trigger, and names the Actions before it', () => {
      const { changes } = plannedWhere(({ bindings }) => bindings.pop())
      expect(changes).toEqual([{ kind: 'bind_action', name: 'Account linking', behind: ['Other'] }])
      expect(changes.flatMap(describeChange)[0]).toContain(
        'comes last, after "Other"; nothing else in it changes',
      )
    })

    it('reports another Action in the trigger that switches the primary user', () => {
      const { notes } = plannedWhere(({ actions }) => {
        if (actions[0]) actions[0].code = "api.authentication.setPrimaryUser('x')"
      })
      expect(notes.join()).toContain('"Other"')
    })
  })

  describe('refuses to touch', () => {
    it('an application of the same name that is not marked as ours', () => {
      const { conflicts } = plannedWhere((actual) => {
        ours(actual, 'proof').client_metadata = {}
      })
      expect(conflicts[0]).toContain('"Ours: proof"')
    })

    it('either of two applications with the same mark', () => {
      const { conflicts } = plannedWhere((actual) => {
        actual.clients.push({ ...ours(actual, 'proof'), client_id: 'second' })
      })
      expect(conflicts).toEqual([expect.stringContaining('account_linking_part=proof')])
    })

    it('an Action of the same name with other code', () => {
      const { conflicts, changes } = plannedWhere((actual) =>
        Object.assign(action(actual) ?? {}, { code: 'x()' }),
      )
      expect(conflicts).toEqual(['There is an Action "Account linking" that is not ours. Rename it.'])
      expect(changes).toEqual([])
    })

    it.each([
      ['LINKING_CLIENT_ID', 'an-application-of-theirs'],
      ['BRAND_NAME', 'Another name'],
    ])('a different value of %s in the service’s file', (name, value) => {
      const { conflicts } = plannedWhere(({ env }) => {
        env[name] = value
      })
      expect(conflicts).toHaveLength(1)
      expect(conflicts[0]).toContain(name)
      expect(conflicts[0]).not.toContain(value)
    })
  })

  it('writes the missing variables, and the Action’s secrets with the shared one', () => {
    const { changes } = plannedWhere(({ env }) => {
      delete env.LINKING_CLIENT_SECRET
      delete env.SESSION_TOKEN_SHARED_SECRET
    })
    expect(changes).toMatchObject([
      { kind: 'write_env', names: ['LINKING_CLIENT_SECRET', 'SESSION_TOKEN_SHARED_SECRET'] },
      { kind: 'update_action', fields: ['secrets'] },
    ])
  })
})

function withClient(purpose: 'proof', over: object): Desired {
  return { ...DESIRED, clients: { ...DESIRED.clients, [purpose]: { ...DESIRED.clients[purpose], ...over } } }
}
