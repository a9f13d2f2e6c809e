import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeVariables, readEnvFile, writeEnvFile, writeVariableFiles } from '@/operator/shared/env-file'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-env-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('changeVariables', () => {
  it('sets a variable in its own line and leaves everything else as it is', () => {
    const text = '# about A\nexport A=\nB=kept # why\n'
    expect(changeVariables(text, { A: 'new', C: 'added' })).toBe('# about A\nA=new\nB=kept # why\nC=added\n')
  })

  it('removes a variable', () => {
    expect(changeVariables('A=1\nAB=2\n', { A: undefined, X: undefined })).toBe('AB=2\n')
    expect(changeVariables('A=1\n', { A: undefined })).toBe('')
  })

  it('quotes values that need it', () => {
    expect(changeVariables('', { NAME: 'Example Inc', COLOR: '#1f4e79', URL: 'https://a.example/b' })).toBe(
      'NAME="Example Inc"\nCOLOR="#1f4e79"\nURL=https://a.example/b\n',
    )
  })

  it.each(['a"b', 'a\\b', 'a$b', 'a\nb', 'a`b'])('refuses %j, which programs read differently', (value) => {
    expect(() => changeVariables('', { NAME: value })).toThrow(
      expect.objectContaining({ code: 'bad_settings' }),
    )
  })
})

describe('writeEnvFile', () => {
  it('writes a file that only its owner can read, even if others could read it before', () => {
    const path = join(folder, '.env.local')
    writeFileSync(path, 'A=1\n', { mode: 0o644 })
    writeEnvFile(path, { B: '2' })
    expect([readFileSync(path, 'utf8'), mode(path)]).toEqual(['A=1\nB=2\n', '600'])
    expect(readEnvFile(path)).toEqual({ A: '1', B: '2' })
  })

  it('leaves no empty file behind', () => {
    const path = join(folder, '.env.local')
    writeEnvFile(path, { A: '1' })
    writeEnvFile(path, { A: undefined })
    expect(readdirSync(folder)).toEqual([])
    expect(readEnvFile(path)).toEqual({})
  })
})

describe('writeVariableFiles', () => {
  it('writes each value without a line break into its own file, and keeps no earlier file', () => {
    const path = join(folder, 'vercel')
    writeVariableFiles(path, { OLD: 'x' })
    writeVariableFiles(path, { A: 'one', B: 'two words' })
    expect(readdirSync(path)).toEqual(['A', 'B'])
    expect(readFileSync(join(path, 'B'), 'utf8')).toBe('two words')
    expect([mode(path), mode(join(path, 'A'))]).toEqual(['700', '600'])
  })
})
