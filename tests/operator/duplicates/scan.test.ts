import { existsSync, readFileSync, statSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeUsers } from '@/local-tenant/world/fill'
import { openStore } from '@/operator/duplicates/export/duckdb'
import { findShared, sharedLines } from '@/operator/duplicates/export/read-exports'
import { readFiles } from '@/operator/duplicates/scan'
import { anExported, aScanFolder, idsOf, jsonLines, linesOf } from './a-scan'

const PAIR = [
  anExported('auth0|1', 'ann@example.com'),
  anExported('google-oauth2|1', 'Ann@Example.com'),
] as const
const OTHER = anExported('auth0|2', 'bea@example.com')

describe('scan', () => {
  it('finds the groups that a generated tenant is known to have', async () => {
    const { scan, write, report, groups } = aScanFolder()
    const { users, counts } = makeUsers({ users: 5_000, seed: 3, kinds: {} })
    const { status } = await scan([write('users.gz', gzipSync(linesOf(...users)))])
    const { users: all, with_email, verified, groups: shared, ...rest } = counts
    const { accounts_in_groups, largest_group, by_connections } = rest
    expect(status).toBe(0)
    const known = { users: all, with_email, verified, groups: shared, accounts_in_groups, largest_group }
    expect(report()).toMatchObject({ ...known, by_connections, over_long: counts.kinds.long_email.accounts })
    const pairs = report().by_outcome.reduce((sum: number, row: { pairs: number }) => sum + row.pairs, 0)
    expect(pairs).toBe(accounts_in_groups - shared)
    expect(groups()).toHaveLength(shared)
  })

  it('writes the documented fields of a group, to files that only their owner can read', async () => {
    const { scan, write, groups, folder } = aScanFolder()
    const facts = { last_login: '2025-01-01T00:00:00.000Z', logins_count: 3, blocked: false }
    await scan([write('a.json', linesOf(anExported('auth0|1', 'ann@example.com', facts), PAIR[1], OTHER))])
    expect(groups()).toEqual([
      {
        key: expect.stringMatching(/^[0-9a-f]{32}$/),
        accounts: [
          {
            ...{ user_id: 'auth0|1', connection: 'Username-Password-Authentication', email_verified: true },
            ...{ created_at: '2024-01-01T00:00:00.000Z', ...facts },
          },
          expect.objectContaining({ user_id: 'google-oauth2|1', connection: 'google-oauth2' }),
        ],
        stays: 'auth0|1',
        pairs: [{ secondary: 'google-oauth2|1', outcome: 'linkable_before_rights' }],
      },
    ])
    const modes = [folder.accounts, folder.groups, folder.counts, folder.key].map(
      (path) => statSync(path).mode & 0o777,
    )
    expect([statSync(folder.path).mode & 0o777, ...modes]).toEqual([0o700, 0o600, 0o600, 0o600, 0o600])
    expect(existsSync(folder.temporary)).toBe(false)
  })

  it('derives the keys of groups from a secret of the folder', async () => {
    const [one, other] = [aScanFolder(), aScanFolder()]
    for (const { scan, write } of [one, other]) await scan([write('a.json', linesOf(...PAIR))])
    const before = one.groups()[0].key
    await one.scan([one.write('a.json', linesOf(OTHER, ...PAIR))])
    expect(one.groups()[0].key).toBe(before)
    expect(other.groups()[0].key).not.toBe(before)
  })

  it.each([
    ['a capital letter', 'ANN@example.com', true],
    ['white space around it', '\t ann@example.com\r\n', true],
    ['a plus tag', 'ann+shop@example.com', false],
    ['a dot', 'a.nn@example.com', false],
    ['a no-break space', '\u00a0ann@example.com', false],
  ])('compares addresses that differ by %s: %s, equal: %s', async (_what, email, isOne) => {
    const { scan, write, folder } = aScanFolder()
    await scan([write('a.json', linesOf(PAIR[0], anExported('google-oauth2|1', email)))])
    expect(idsOf(folder)).toEqual(isOne ? [['auth0|1', 'google-oauth2|1']] : [])
  })

  it('ignores the case of the letters A to Z only', async () => {
    const { scan, write, report } = aScanFolder()
    const emails = ['kim@x.com', '\u212Aim@x.com', 'inci@x.com', '\u0130nci@x.com', 'é@x.com', 'É@x.com']
    await scan([write('a.json', linesOf(...emails.map((email, at) => anExported(`auth0|${at}`, email))))])
    expect(report()).toMatchObject({ users: 6, with_email: 6, groups: 0, by_outcome: [] })
  })

  it('forms no group of missing, empty or too long addresses, and counts the too long ones', async () => {
    const { scan, write, report } = aScanFolder()
    const long = `${'x'.repeat(250)}@x.com`
    const emails = [undefined, undefined, null, null, '', '', ' ', ' \t', long, long]
    await scan([write('a.json', linesOf(...emails.map((email, at) => anExported(`auth0|${at}`, email))))])
    expect(report()).toMatchObject({ users: 10, with_email: 2, over_long: 2, groups: 0 })
  })

  it('keeps at most 2000 accounts of one address, and counts the others', async () => {
    const { scan, write, report, groups } = aScanFolder()
    const many = Array.from({ length: 2_100 }, (_each, at) => anExported(`auth0|${at}`, 'test@example.com'))
    await scan([write('a.json', linesOf(...many, anExported('github|2', 'bea@example.com')))])
    expect(report()).toMatchObject({
      ...{ users: 2_101, groups: 1, accounts_in_groups: 2_100, largest_group: 2_100 },
      by_outcome: [{ outcome: 'too_many_accounts', pairs: 2_099 }],
    })
    expect(groups()[0].accounts).toHaveLength(2_000)
  })

  it('reads several files as one tenant, compressed or not, whatever they are called', async () => {
    const { scan, write, folder } = aScanFolder()
    const files = [
      write('a.json', linesOf(PAIR[0])),
      write("b'[1]*.txt", gzipSync(linesOf(PAIR[1], OTHER))),
      write('c.gz', linesOf(anExported('github|1', 'ann@example.com'))),
    ]
    expect((await scan(files)).status).toBe(0)
    expect(idsOf(folder)).toEqual([['auth0|1', 'github|1', 'google-oauth2|1']])
  })

  it('counts a user once who was exported twice, with the newest values', async () => {
    const { scan, write, folder, report } = aScanFolder()
    const newer = { updated_at: '2025-01-01T00:00:00.000Z' }
    const older = linesOf(...PAIR, OTHER, anExported('github|3', 'cy@example.com'))
    const moved = linesOf(
      anExported('google-oauth2|1', 'bea@example.com', newer),
      anExported('github|3', 'cy@example.com', { ...newer, blocked: true }),
      anExported('auth0|3', 'cy@example.com'),
    )
    await scan([write('new.json', moved), write('old.json', older), write('again.gz', gzipSync(older))])
    expect(report()).toMatchObject({ users: 5, with_email: 5, verified: 5, groups: 2 })
    expect(idsOf(folder)).toEqual([
      ['auth0|2', 'google-oauth2|1'],
      ['auth0|3', 'github|3'],
    ])
    expect(report().by_outcome).toContainEqual({ outcome: 'blocked', pairs: 1 })
  })

  it('takes the user from the later file if both are equally new', async () => {
    const { scan, write, report } = aScanFolder()
    const blocked = { ...PAIR[0], blocked: true }
    await scan([write('a.json', linesOf(...PAIR)), write('b.json', linesOf(blocked))])
    expect(report().by_outcome).toEqual([{ outcome: 'blocked', pairs: 1 }])
  })

  it('reads an export without users', async () => {
    const { scan, write, report } = aScanFolder()
    expect((await scan([write('a.json', ''), write('b.gz', gzipSync(''))])).status).toBe(0)
    expect(report()).toMatchObject({ users: 0, groups: 0, largest_group: 0, by_connections: [] })
  })

  it('needs no line break at the end, and accepts CRLF and blank lines', async () => {
    const { scan, write, folder, report } = aScanFolder()
    const text = `${linesOf(PAIR[0]).trim()}\r\n\r\n \n${linesOf(PAIR[1]).trim()}`
    expect((await scan([write('a.json', text), write('b.json', linesOf(OTHER).trim())])).status).toBe(0)
    expect([report().users, idsOf(folder)]).toEqual([3, [['auth0|1', 'google-oauth2|1']]])
  })

  it('makes report end with nothing_scanned if it never ran', async () => {
    const { run } = aScanFolder()
    expect(await run('report')).toEqual({ status: 3, output: expect.stringMatching(/^nothing_scanned: /) })
  })
})

describe('scan: lines that cannot be read', () => {
  it.each([false, true])('are counted and numbered, others are read; compressed: %s', async (isGzip) => {
    const { scan, write, folder, report } = aScanFolder()
    const broken = ['{"user_id":"auth0|9",', 'null', '[]', '{}', '{"user_id":"none"}', '{"user_id":7}']
    const text = `${linesOf(PAIR[0])}${broken.join('\n')}\n\n${linesOf(PAIR[1], OTHER)}`
    const { status, output } = await scan([write('a', isGzip ? gzipSync(text) : text)])
    expect([status, output]).toEqual([
      0,
      expect.stringContaining('6 lines cannot be read: 2, 3, 4, 5, 6, 7\n'),
    ])
    expect(report()).toMatchObject({ users: 3, broken_lines: 6 })
    expect(idsOf(folder)).toEqual([['auth0|1', 'google-oauth2|1']])
  })

  it('are read nevertheless if only DuckDB cannot: a byte order mark, half a character, bytes of another encoding', async () => {
    const { scan, write, folder, report } = aScanFolder()
    const half = linesOf(anExported('github|1', 'ann@example.com', { name: '\ud800 \\ud800' }))
    const latin = Buffer.concat([
      Buffer.from(linesOf(anExported('apple|1', 'ann@example.com', { name: 'J' })).replace('"J"', '"J')),
    ])
    const bytes = Buffer.concat([
      Buffer.from(`\ufeff${linesOf(PAIR[0])}${half}`),
      Buffer.from(latin.toString().trim().slice(0, -1)),
      Buffer.from([0xfc, 0x22, 0x7d, 0x0a]),
      Buffer.from(linesOf(PAIR[1])),
    ])
    const { output } = await scan([write('a.json', bytes)])
    expect(output).not.toContain('cannot be read')
    expect(report()).toMatchObject({ users: 4, broken_lines: 0 })
    expect(idsOf(folder)).toEqual([['apple|1', 'auth0|1', 'github|1', 'google-oauth2|1']])
    const [{ accounts }] = jsonLines(folder.accounts)
    expect(accounts.find(({ user_id }: { user_id: string }) => user_id === 'github|1').name).toBe(
      '\ufffd \\ud800',
    )
  })

  it('make the scan name their file if one is longer than any profile', async () => {
    const { scan, write } = aScanFolder()
    const long = anExported('auth0|3', 'cy@example.com', { pad: 'x'.repeat(40_000_000) })
    const { status, output } = await scan([write('a.json', linesOf(...PAIR, long, OTHER))])
    expect([status, output]).toEqual([3, expect.stringMatching(/^file_unreadable: .*a\.json/)])
  })

  it('are numbered correctly in a file of many blocks', async () => {
    const { scan, write, report } = aScanFolder()
    const lines = Array.from({ length: 30_000 }, (_each, at) =>
      at % 10_000 === 7
        ? 'broken\n'
        : linesOf(anExported(`auth0|${at}`, `${at}@example.com`, { pad: 'x'.repeat(900) })),
    )
    const { output } = await scan([write('a.gz', gzipSync(lines.join('')))])
    expect(output).toContain('3 lines cannot be read: 8, 10008, 20008')
    expect(report().users).toBe(29_997)
  })
})

describe('scan: files that end in the middle', () => {
  const WHOLE = linesOf(
    ...Array.from({ length: 2_000 }, (_each, at) => anExported(`auth0|${at}`, `${at >> 1}@x.com`)),
  )
  const WRONG_SUM = 'a compressed one with a wrong sum'
  const CUT = [
    ['a compressed one', gzipSync(WHOLE).subarray(0, -2_000)],
    ['a compressed one without its last byte', gzipSync(WHOLE).subarray(0, -1)],
    [WRONG_SUM, Buffer.concat([gzipSync(WHOLE).subarray(0, -8), Buffer.alloc(8)])],
    ['a plain one', Buffer.from(WHOLE.slice(0, -100))],
  ] as const
  it.each(CUT)('are refused with file_truncated: %s', async (_what, bytes) => {
    const { scan, write, folder } = aScanFolder()
    const { status, output } = await scan([write('a', bytes)])
    expect([status, output]).toEqual([3, expect.stringMatching(/^file_truncated: .* after \d+ whole lines/)])
    expect(existsSync(folder.accounts)).toBe(false)
  })

  it.each(CUT)('are read up to the cut with --partial: %s', async (what, bytes) => {
    const { scan, write, report } = aScanFolder()
    const refused = await scan([write('a', bytes)])
    const lines = Number(/after (\d+)/.exec(refused.output)?.[1])
    const { status, output } = await scan([write('a', bytes)], '--partial')
    expect([status, output]).toEqual([0, expect.stringContaining('only its whole lines were read')])
    expect(report()).toMatchObject({ users: lines, broken_lines: 0, partial_files: [1] })
    // No line of a damaged block counts.
    if (what !== WRONG_SUM) expect(lines).toBeGreaterThan(500)
  })

  it('are told apart from a file that does not exist', async () => {
    const { scan } = aScanFolder()
    expect(await scan(['/no/such/file'])).toEqual({
      status: 3,
      output: 'file_unreadable: /no/such/file: ENOENT',
    })
  })
})

describe('scan --forget', () => {
  it('deletes the accounts that were read, and keeps the report', async () => {
    const { scan, run, write, folder } = aScanFolder()
    await scan([write('a.json', linesOf(...PAIR))])
    expect((await run('scan', '--forget')).status).toBe(0)
    expect([existsSync(folder.accounts), existsSync(folder.reportHtml)]).toEqual([false, true])
    expect((await run('report')).status).toBe(3)
  })
})

describe('openStore', () => {
  it('limits memory and disk, installs no extensions, and removes its files at the end', async () => {
    const { folder } = aScanFolder()
    const store = await openStore(folder.temporary)
    const names = [
      'memory_limit',
      'max_temp_directory_size',
      'threads',
      'temp_directory',
      'autoinstall_known_extensions',
    ]
    const [values] = await store.rows(`SELECT ${names.map((name) => `current_setting('${name}')`).join()}`)
    expect(values).toEqual(['381.4 MiB', '4.6 GiB', 2n, folder.temporary, false])
    expect(statSync(folder.temporary).mode & 0o777).toBe(0o700)
    store.close()
    expect(existsSync(folder.temporary)).toBe(false)
  })

  it('builds the hash table of its join from the shared addresses, not from all lines', async () => {
    const { folder, write } = aScanFolder()
    const store = await openStore(folder.temporary)
    await store.rows('CREATE TABLE shared AS SELECT hash(range) AS email_key FROM range(50000)')
    const files = new Map([[1, [{ path: write('a.json', linesOf(...PAIR)), isGzip: false }]]])
    const [[, plan] = []] = await store.rows(`EXPLAIN ${sharedLines(files, false)}`)
    store.close()
    expect(plan).toMatch(/Join Type: SEMI/)
  })

  it('finds the newest entry of each user, however few users a pass handles', async () => {
    const { folder, write } = aScanFolder()
    const users = [...PAIR, OTHER].flatMap((user) => [
      user,
      { ...user, updated_at: '2025-01-01T00:00:00.000Z' },
    ])
    const file = { path: write('a.json', linesOf(...users)), isGzip: false }
    for (const atOnce of [1, 2, 100]) {
      const store = await openStore(folder.temporary)
      const { files } = await readFiles(store, folder, [file.path], false)
      const { counts, isRepeated } = await findShared(store, files, atOnce)
      const [[shared] = []] = await store.rows('SELECT count(*) FROM shared')
      expect([counts.users, counts.verified, isRepeated, shared]).toEqual([3, 3, true, 1n])
      store.close()
    }
  })

  it('says what to type if DuckDB is not installed, with the version from package.json', async () => {
    const missing = openStore('/nowhere', () => Promise.reject(new Error('Cannot find package')))
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    await expect(missing).rejects.toMatchObject({
      code: 'duckdb_missing',
      message: expect.stringContaining(`@duckdb/node-api@${optionalDependencies['@duckdb/node-api']}`),
    })
  })
})
