import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'node-html-parser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Tally } from '@/operator/duplicates/groups/tally'
import { barChart } from '@/operator/duplicates/report/bar-chart'
import { reportPage } from '@/operator/duplicates/report/report-page'
import { aUser } from '../../support/builders/users'
import { anExported, aScanFolder, jsonLines, linesOf } from './a-scan'

afterEach(() => vi.unstubAllEnvs())

const COUNTS = {
  scanned_at: 1,
  users: 9,
  with_email: 9,
  verified: 9,
  over_long: 0,
  broken_lines: [],
  partial_files: [],
}

/** A folder with a scan of accounts whose fields would bring an address or markup into the report. */
async function aReport(...args: string[]) {
  const all = aScanFolder()
  const of = (provider: string, connection: string, fields: object = {}) =>
    anExported(`${provider}|1`, 'ann@example.com', {
      identities: [{ provider, user_id: '1', connection }],
      ...fields,
    })
  const users = [
    of('auth0', '<script>alert(1)</script>'),
    of('oidc', 'ann@example.com'),
    of('github', 'a,b', { created_at: 'yesterday' }),
    anExported('samlp|acme|ann@example.com', 'ANN@example.com', { logins_count: 2, name: '=1+1' }),
  ]
  await all.scan([all.write('a.json', linesOf(...users))], ...args)
  return { ...all, html: () => readFileSync(all.folder.reportHtml, 'utf8') }
}

describe('report.html', () => {
  it('holds no address, no script, and nothing from elsewhere', async () => {
    const { html } = await aReport()
    expect(html()).not.toContain('@example.com')
    expect(html()).toContain('&lt;script&gt;')
    expect(
      parse(html()).querySelectorAll('script, link, img, iframe, [style], [onload], [src], [href]'),
    ).toEqual([])
    expect(html()).not.toMatch(/https?:/)
  })

  it('has a content security policy that allows its own style and nothing else', async () => {
    const { html } = await aReport()
    const page = parse(html())
    const style = page.querySelector('style')?.text ?? ''
    const policy = page.querySelector('meta[http-equiv]')?.getAttribute('content')
    const hash = createHash('sha256').update(style).digest('base64')
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'`)
  })

  it('says in its first sentences how many people, how many accounts, and how many can be asked', () => {
    const tally = new Tally()
    tally.add([aUser(), aUser({ user_id: 'auth0|2' })], 2, {
      stays: 'auth0|2',
      pairs: [{ secondary: 'google-oauth2|1', outcome: 'linkable_before_rights' }],
    })
    const words = parse(reportPage(tally.end(COUNTS))).querySelector('main')?.structuredText ?? ''
    expect(words).toContain('1 people have more than one account: 2 of all 9 accounts, 22%.')
    expect(words).toMatch(/1\s*people can be asked/)
    expect(words).toContain('Auth0 advises against linking by the email address alone')
  })

  it('says that no one has two accounts', () => {
    expect(reportPage(new Tally().end(COUNTS))).toContain(
      'No address has more than one account. 9 accounts were looked at.',
    )
  })

  it('says what the numbers leave out', () => {
    const counts = {
      ...COUNTS,
      over_long: 3,
      broken_lines: [{ file: 1, count: 4, numbers: [] }],
      partial_files: [1],
    }
    const html = reportPage(new Tally().end(counts))
    expect(html).toContain('3 addresses are too long to be real')
    expect(html).toContain('4 lines of the export could not be read')
    expect(html).toContain('The export was cut off')
  })
})

describe('report.json', () => {
  it('has the documented numbers', async () => {
    const { report } = await aReport()
    expect(report()).toMatchObject({
      ...{ users: 4, with_email: 4, verified: 4, groups: 1, accounts_in_groups: 4, largest_group: 4 },
      by_connections: [{ connections: ['(unnamed)', '<script>alert(1)</script>', 'samlp'], groups: 1 }],
      by_outcome: [
        { outcome: 'untrusted_connection', pairs: 2 },
        { outcome: 'linkable_before_rights', pairs: 1 },
      ],
      by_year: [
        { year: 0, accounts: 1 },
        { year: 2024, accounts: 2 },
      ],
    })
    expect(JSON.stringify(report())).not.toContain('@')
  })

  it('follows the rules of the environment', async () => {
    const { run, report } = await aReport()
    vi.stubEnv('TRUSTED_CONNECTIONS', 'samlp,oidc')
    await run('report')
    expect(report().by_outcome[0]).toEqual({ outcome: 'untrusted_connection', pairs: 2 })
    vi.stubEnv('ROLES', 'maybe')
    expect(await run('report')).toEqual({
      status: 3,
      output: expect.stringMatching(/^environment_unusable: ROLES/),
    })
  })
})

describe('report.csv', () => {
  it('has a line for each account, and no cell that a spreadsheet takes for a formula', async () => {
    const { folder } = await aReport('--csv')
    const [head, ...lines] = readFileSync(folder.reportCsv, 'utf8').trim().split('\n')
    expect(head).toBe(
      'key,user_id,connection,email_verified,blocked,created_at,last_login,logins_count,stays,outcome',
    )
    const [{ key }] = jsonLines(folder.groups)
    expect(lines).toContain(
      `${key},auth0|1,<script>alert(1)</script>,true,false,2024-01-01T00:00:00.000Z,,0,true,`,
    )
    expect(lines).toContain(`${key},github|1,"a,b",true,false,yesterday,,0,false,linkable_before_rights`)
    expect(lines).toHaveLength(4)
  })
})

describe('Tally', () => {
  it('counts accounts that were looked at, by a login or by Auth0’s published Action', () => {
    const tally = new Tally()
    const looked = { app_metadata: { account_linking: { looked: { until: 1, key: 'a' } } } }
    const sample = { app_metadata: { account_linking_timestamp: 1 } }
    tally.add([aUser(looked), aUser({ ...sample, user_id: 'auth0|2' }), aUser({ user_id: 'auth0|3' })], 3, {
      stays: 'auth0|3',
      pairs: [{ secondary: 'auth0|2', outcome: 'linkable' }],
    })
    expect(tally.end(COUNTS)).toMatchObject({ already_looked: 2, linkable_groups: 1 })
  })

  it('counts all accounts of an address that has too many to keep', () => {
    const tally = new Tally()
    tally.add([aUser(), aUser({ user_id: 'auth0|2' })], 2_500, {
      stays: null,
      pairs: [{ secondary: 'auth0|2', outcome: 'too_many_accounts' }],
    })
    expect(tally.end(COUNTS)).toMatchObject({
      accounts_in_groups: 2_500,
      by_outcome: [{ outcome: 'too_many_accounts', pairs: 2_499 }],
    })
  })
})

describe('barChart', () => {
  it('draws the longest bar at full width, and every bar wide enough to see', () => {
    const html = barChart('A & B', [
      { label: '<many>', value: 10_000, isGood: true },
      { label: 'few', value: 1 },
    ])
    expect(html).toContain('aria-label="A &amp; B"')
    expect(html).toContain('class="good" width="100.0%"')
    expect(html).toContain('class="bar" width="0.5%"')
    expect(html).toContain('10,000')
  })
})
