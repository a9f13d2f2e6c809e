import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

const tenant = await aManagementApi()

beforeEach(() => tenant.state.reset())

const start = (body: unknown, scope = 'read:users') =>
  tenant.call('POST', '/api/v2/jobs/users-exports', { scope, body })

const read = (id: string, scope = 'read:users') => tenant.call('GET', `/api/v2/jobs/${id}`, { scope })

/** Reads a job until it is finished. */
async function finished(id: string) {
  for (;;) {
    const { body } = await read(id)
    if (body.status === 'completed') return body
    await new Promise(setImmediate)
  }
}

const fetchFile = (location: string) => tenant.app.request(location)

async function textOf(location: string): Promise<string> {
  const response = await fetchFile(location)
  expect(response.status).toBe(200)
  return gunzipSync(Buffer.from(await response.arrayBuffer())).toString()
}

const exported = async (body: unknown) => textOf((await finished((await start(body)).body.id)).location)

const lines = async (body: unknown) =>
  (await exported({ format: 'json', ...(body as object) }))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('POST /api/v2/jobs/users-exports', () => {
  it('exports every user, one a line', async () => {
    const fields = ['user_id', 'email', 'identities', 'user_metadata'].map((name) => ({ name }))
    const rows = await lines({ fields })
    expect(rows).toHaveLength(tenant.state.users.size)
    expect(rows[0]).toEqual({
      user_id: 'auth0|ann',
      email: 'ann@example.com',
      identities: [
        {
          provider: 'auth0',
          user_id: 'ann',
          connection: 'Username-Password-Authentication',
          isSocial: false,
        },
      ],
      user_metadata: { theme: 'dark', language: 'en' },
    })
  })
})

describe('POST /api/v2/jobs/users-exports: the job', () => {
  const KEYS = { type: 'users_export', status: 'pending', created_at: expect.any(String) }
  const DATABASE = 'Username-Password-Authentication'
  const idOf = (name: string) => tenant.state.connections.find((each) => each.name === name)?.id

  it('echoes the request, with status 200', async () => {
    const asked = {
      connection_id: idOf(DATABASE),
      format: 'json',
      limit: 5,
      fields: [{ name: 'email' }, { name: 'identities[0].connection', export_as: 'provider' }],
    }
    const { status, body } = await start(asked)
    expect([status, body]).toEqual([
      200,
      { ...KEYS, ...asked, connection: DATABASE, id: expect.stringMatching(/^job_[A-Za-z0-9]{16}$/) },
    ])
    // A read right after the start returns the same job.
    expect((await read(body.id)).body).toEqual(body)
  })

  it('is CSV of every connection unless the caller says otherwise', async () => {
    const { body } = await start({})
    expect(body).toEqual({ ...KEYS, format: 'csv', id: expect.any(String) })
  })

  it('has a download link once it is completed, and a new one at each read', async () => {
    const { body } = await start({ format: 'json' })
    const done = await finished(body.id)
    expect(done).toEqual({
      ...body,
      status: 'completed',
      percentage_done: 100,
      time_left_seconds: 0,
      location: expect.stringMatching(
        new RegExp(
          `^https://localhost:4401/user-exports/${body.id}/local\\.json\\.gz\\?Expires=\\d+&Signature=`,
        ),
      ),
    })
    expect((await read(body.id)).body.location).not.toBe(done.location)
  })

  it('is being processed while a large file is written', async () => {
    await tenant.call('POST', '/_tenant/fill', { body: { users: 3_000 } })
    const { body } = await start({ format: 'json' })
    await read(body.id)
    const { body: second } = await read(body.id)
    expect(second).toMatchObject({ status: 'processing', percentage_done: expect.any(Number) })
    expect(second.percentage_done).toBeLessThan(100)
    expect(second).not.toHaveProperty('location')
    const text = await textOf((await finished(body.id)).location)
    expect(text.trimEnd().split('\n')).toHaveLength(tenant.state.users.size)
  })

  it('works for an empty tenant', async () => {
    tenant.state.reset({ users: [] })
    expect(await exported({ format: 'json' })).toBe('')
  })

  it.each([
    ['another format', { format: 'xml' }, "No enum match for: xml' on property format (Format of the file"],
    ['a limit of 0', { limit: 0 }, 'Value 0 is less than minimum 1'],
    ['an additional property', { query: 'x' }, 'Additional properties not allowed: query'],
    ['a malformed connection', { connection_id: 'acme' }, 'format connection-id'],
    ['a field without a name', { fields: [{ export_as: 'x' }] }, 'Missing required property: name'],
    [
      'a long title',
      { fields: [{ name: 'x', export_as: 'x'.repeat(101) }] },
      'too long (101 chars), maximum 100',
    ],
    ['metadata as a whole in CSV', { fields: [{ name: 'app_metadata' }] }, 'cannot include app_metadata'],
    [
      '31 fields in CSV',
      { fields: Array.from({ length: 31 }, (_, n) => ({ name: `user_metadata.f${n}` })) },
      'limited to 30 fields',
    ],
    ['a list', [], 'Expected type object'],
  ])('refuses %s', async (_what, body, message) => {
    const refused = await start(body)
    expect([refused.status, refused.body.errorCode, refused.body.message]).toEqual([
      400,
      'invalid_body',
      expect.stringContaining(message),
    ])
    expect(tenant.state.exports.size).toBe(0)
  })

  it('refuses an unknown connection and other scopes', async () => {
    expect((await start({ connection_id: 'con_0000000000000000' })).body.errorCode).toBe(
      'inexistent_connection',
    )
    expect((await start({}, 'create:users')).status).toBe(403)
    const { body } = await start({})
    expect((await read(body.id, 'read:clients')).status).toBe(403)
    expect((await read(body.id, 'create:users')).status).toBe(200)
  })

  it('accepts 31 fields and metadata as a whole in JSON', async () => {
    const fields = [{ name: 'app_metadata' }, ...Array.from({ length: 30 }, (_, n) => ({ name: `f${n}` }))]
    expect((await lines({ fields, limit: 1 }))[0]).toEqual({
      app_metadata: { plan: 'team', customer_number: 'C-1001' },
    })
  })
})

describe('the exported file', () => {
  it('has the fields under their names or the titles asked for, in order', async () => {
    const fields = [
      { name: 'identities[0].connection', export_as: 'provider' },
      { name: 'user_metadata.theme' },
      { name: 'email' },
    ]
    const text = await exported({ format: 'json', fields, limit: 1 })
    expect(text).toBe(
      '{"provider":"Username-Password-Authentication","user_metadata.theme":"dark","email":"ann@example.com"}\n',
    )
  })

  it('never has a password', async () => {
    const fields = ['password', 'identities', 'user_id'].map((name) => ({ name }))
    await tenant.call('POST', '/_tenant/fill', { body: { users: 50, kinds: { several_identities: 5 } } })
    const text = await exported({ format: 'json', fields })
    expect(text).not.toContain('correct horse')
  })

  it('has the users of one connection, and no more than the limit', async () => {
    const id = tenant.state.connections.find(({ name }) => name === 'acme-saml')?.id
    const fields = [{ name: 'user_id' }]
    expect(await lines({ connection_id: id, fields })).toEqual([
      { user_id: 'samlp|acme-saml|gil|grant@acme.example' },
    ])
    expect(await lines({ limit: 4, fields })).toHaveLength(4)
  })

  it('is the same, byte by byte, if nothing has changed', async () => {
    await tenant.call('POST', '/_tenant/fill', { body: { users: 600 } })
    const file = async () => {
      const { location } = await finished((await start({ format: 'json' })).body.id)
      return Buffer.from(await (await fetchFile(location)).arrayBuffer())
    }
    expect(await file()).toEqual(await file())
  })

  it('writes null as null, and omits fields that a user lacks', async () => {
    tenant.state.reset({ users: [{ user_id: 'samlp|acme-saml|x', email: null }] })
    expect(await lines({ fields: [{ name: 'email' }, { name: 'blocked' }, { name: 'user_id' }] })).toEqual([
      { email: null, user_id: 'samlp|acme-saml|x' },
    ])
  })

  it('escapes texts in CSV as Auth0 does, but not its dates, numbers and flags', async () => {
    const kim = { user_id: 'auth0|kim', email: 'kim@example.com', name: '=1+"1"\nx', logins_count: 3 }
    tenant.state.reset({ users: [{ ...kim, created_at: '2025-01-02T03:04:05.678Z' }] })
    const names = [
      'name',
      'created_at',
      'logins_count',
      'email_verified',
      'phone_number',
      'identities[0].provider',
    ]
    const fields = names.map((name) => ({ name, ...(name === 'name' && { export_as: 'Full, name' }) }))
    expect(await exported({ fields })).toBe(
      '"Full, name",created_at,logins_count,email_verified,phone_number,identities[0].provider\n' +
        `"'=1+""1""\nx",2025-01-02T03:04:05.678Z,3,false,,"'auth0"\n`,
    )
  })
})

describe('the download link', () => {
  const later = (seconds: number) => {
    tenant.state.clockOffset = seconds
  }

  it('is valid for 60 s by the clock of the tenant; the job then returns another one', async () => {
    const { body } = await start({ format: 'json' })
    const { location } = await finished(body.id)
    later(59)
    expect((await fetchFile(location)).status).toBe(200)
    later(61)
    expect((await fetchFile(location)).status).toBe(403)
    const { body: again } = await read(body.id)
    expect((await fetchFile(again.location)).status).toBe(200)
    expect((await fetchFile(location)).status).toBe(403)
  })

  it('expires with the job after 24 hours', async () => {
    const { body } = await start({ format: 'json' })
    await finished(body.id)
    later(86_390)
    const { location } = (await read(body.id)).body
    expect((await fetchFile(location)).status).toBe(200)
    later(86_401)
    expect((await read(body.id)).status).toBe(404)
    expect((await fetchFile(location)).status).toBe(403)
    expect(tenant.state.exports.size).toBe(0)
  })

  it('needs its signature, which the ledger masks', async () => {
    const { location } = await finished((await start({})).body.id)
    expect((await fetchFile(location.replace(/Signature=.*/, 'Signature=x'))).status).toBe(403)
    expect((await fetchFile(location.replace(/job_\w+/, 'job_none'))).status).toBe(403)
    await fetchFile(location)
    expect(JSON.stringify(tenant.state.ledger)).not.toContain(new URL(location).searchParams.get('Signature'))
  })

  it('is removed by a reset', async () => {
    const { location } = await finished((await start({})).body.id)
    tenant.state.reset()
    expect((await fetchFile(location)).status).toBe(403)
  })
})
