import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { MigrationErrorCode } from '@/operator/migrate/migration-error'
import { parseExport } from '@/operator/migrate/parse-export'
import { blocksOf } from '../../support/operator/documented-commands'

const EXTENSION = 'docs/migrate/account-link-extension.md'
const page = readFileSync(EXTENSION, 'utf8')

/** All codes. The type makes the compiler report a code that is missing here, and one that no longer exists. */
const CODES: Record<MigrationErrorCode, true> = {
  bad_arguments: true,
  bad_locales: true,
  bad_settings: true,
  file_exists: true,
  file_unreadable: true,
  file_unwritable: true,
  not_json: true,
}

describe(EXTENSION, () => {
  it('shows an example of settings with only known fields', () => {
    const [example = ''] = blocksOf(page, 'json')
    expect(parseExport(JSON.parse(example)).unknown).toEqual([])
  })

  it('names every error code', () => {
    expect(Object.keys(CODES).filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })
})
