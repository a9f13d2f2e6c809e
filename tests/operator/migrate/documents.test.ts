import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseExport } from '@/operator/migrate/parse-export'

const EXTENSION = 'docs/migrate-from-account-link-extension.md'
const read = (path: string) => readFileSync(path, 'utf8')
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, first = '']) => first)

describe(EXTENSION, () => {
  it('shows settings that are accepted', () => {
    const [example = ''] = found(read(EXTENSION), /```json\n([\s\S]*?)```/g)
    expect(parseExport(JSON.parse(example)).unknown).toEqual([])
  })

  it('names every refusal, and no other', () => {
    const codes = found(read('operator/migrate/migration-error.ts'), /^ {2}\| '(\w+)'$/gm)
    const [table = ''] = found(read(EXTENSION), /\| refusal \|.*\n([\s\S]*?)\n\n/g)
    const rows = table.split('\n').map((row) => row.split('|')[1] ?? '')
    expect(found(rows.join(), /`(\w+)`/g).sort()).toEqual(codes)
  })
})
