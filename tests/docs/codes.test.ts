import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BROWSER_LINKING_CODES } from '@/app/settings/connected-accounts/browser/_flow/code-catalogue'
import { ERROR_FACTS, type LinkingErrorCode } from '@/core/errors'
import { DUPLICATES_CODES } from '@/operator/duplicates/codes'
import { EVENTS_CODES } from '@/operator/events/codes'
import { MIGRATION_CODES } from '@/operator/migrate/migration-codes'
import {
  ACTION_REASONS,
  type CodeEntry,
  PAGE_CODES,
  SETTINGS_CODES,
  SHARED_REASONS,
} from '@/operator/shared/code-catalogue'
import { ACTION_LINES, LOG_LINES } from '@/operator/shared/log-lines'
import { PROVISION_CODES } from '@/operator/shared/operator-codes'
import { tableOf, withBlock } from '../support/docs/written-block'

const HEAD = ['code', 'what happened', 'what to do']
const rowsOf = (entries: Record<string, CodeEntry>) =>
  Object.entries(entries).map(([code, { what, fix }]) => [`\`${code}\``, what, fix])
const shared = SHARED_REASONS.map((code) => `\`${code}\``).join(', ')

/** The tables of each page. */
const PAGES: Record<string, Record<string, string>> = {
  'docs/troubleshooting.md': {
    pages: tableOf(
      ['code', 'HTTP', 'severity', 'what happened', 'what to do'],
      Object.entries(ERROR_FACTS).map(([code, { status, severity }]) => {
        const { what, fix } = PAGE_CODES[code as LinkingErrorCode]
        return [`\`${code}\``, `${status}`, severity, what, fix]
      }),
    ),
    settings: tableOf(HEAD, [
      ...rowsOf(SETTINGS_CODES),
      [shared, "As in [the Action's log](#reasons-in-the-actions-log)", ''],
    ]),
    action: tableOf(['reason', ...HEAD.slice(1)], rowsOf(ACTION_REASONS)),
    lines: tableOf(
      ['line', 'meaning'],
      Object.entries(ACTION_LINES).map(([line, meaning]) => [`\`${line}\``, meaning]),
    ),
  },
  'docs/reference/log.md': {
    log: tableOf(
      ['event', 'when'],
      Object.entries(LOG_LINES).map(([event, when]) => [`\`${event}\``, when]),
    ),
  },
  'docs/provision.md': { provision: tableOf(HEAD, rowsOf(PROVISION_CODES)) },
  'docs/duplicates.md': { duplicates: tableOf(HEAD, rowsOf(DUPLICATES_CODES)) },
  'docs/events.md': { events: tableOf(HEAD, rowsOf(EVENTS_CODES)) },
  'docs/migrate/account-link-extension.md': {
    migration: tableOf(
      HEAD.slice(0, 2),
      Object.entries(MIGRATION_CODES).map(([code, what]) => [`\`${code}\``, what]),
    ),
  },
  'docs/reference/browser-linking.md': { browser: tableOf(HEAD, rowsOf(BROWSER_LINKING_CODES)) },
}

// To write the tables again: npx vitest run --project units tests/docs/codes.test.ts -u
describe.each(Object.entries(PAGES))('%s', (page, tables) => {
  it('has the same codes as the catalogue', async () => {
    const written = Object.entries(tables).reduce(
      (text, [name, table]) => withBlock(text, `the catalogue of codes: ${name}`, table),
      readFileSync(page, 'utf8'),
    )
    await expect(written).toMatchFileSnapshot(`../../${page}`)
  })
})
