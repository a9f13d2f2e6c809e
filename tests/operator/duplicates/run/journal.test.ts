import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockFolder } from '@/operator/duplicates/folder-lock'
import { JournalWriter, readJournal } from '@/operator/duplicates/run/journal'
import { isOpen, type JournalLine } from '@/operator/duplicates/run/journal-state'
import { aFolder } from '../a-plan'

const LINE = { act: 'apply', pair: 'google-oauth2|é', primary: 'auth0|a' } as const
const BEGUN = { act: 'apply', step: 'begun' } as const
const UNDO = { act: 'undo', step: 'begun' } as const
const refused = (code: string, act: 'apply' | 'undo' = 'apply') => ({ act, step: 'refused', code }) as const
const now = () => new Date('2026-11-29T12:00:00.000Z')

/** A journal with two steps of one pair. */
function aJournal() {
  const { journal: path } = aFolder()
  const journal = new JournalWriter(path, now)
  journal.write({ ...LINE, step: 'begun', plan: 'id' })
  journal.write({ ...LINE, step: 'linked', calls: 4, state: 'abc' })
  journal.close()
  return path
}

describe('JournalWriter', () => {
  it('writes lines from which readJournal restores the state of a pair', () => {
    const { pairs, states, calls } = readJournal(aJournal())
    expect(pairs.get(LINE.pair)).toEqual({
      primary: 'auth0|a',
      last: { act: 'apply', step: 'linked' },
      begun: undefined,
      isUnsure: false,
      plan: 'id',
      isLinked: true,
      order: 2,
    })
    expect([states.get('auth0|a'), calls]).toEqual(['abc', 4])
  })

  it('is read as empty if there is no file', () => {
    expect(readJournal(aFolder().journal).pairs.size).toBe(0)
  })

  it('can be cut off at any byte: whole lines before the cut count, and the next write starts a new line', () => {
    const path = aJournal()
    const whole = readFileSync(path)
    const firstLine = whole.indexOf(10) + 1
    for (let end = 0; end < whole.length; end += 1) {
      writeFileSync(path, whole.subarray(0, end))
      const journal = new JournalWriter(path, now)
      const { begun, last } = journal.state.pairs.get(LINE.pair) ?? {}
      expect([begun, last]).toEqual([end < firstLine ? undefined : 'apply', undefined])
      journal.write({ ...LINE, step: 'refused', code: 'changed' })
      journal.close()
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line).step)).toEqual(
        end < firstLine ? ['refused'] : ['begun', 'refused'],
      )
    }
  })

  it('ignores a line of an unknown form', () => {
    const path = aJournal()
    writeFileSync(path, `{"step":"of a newer version"}\nnonsense\n${readFileSync(path, 'utf8')}`)
    expect(readJournal(path).pairs.get(LINE.pair)?.last).toEqual({ act: 'apply', step: 'linked' })
  })

  it('does not count a line of ask as the outcome of a pair', () => {
    const { journal: path } = aFolder()
    const journal = new JournalWriter(path, now)
    journal.write({ ...LINE, step: 'refused', code: 'busy' })
    journal.write({ ...LINE, act: 'ask', step: 'asked' })
    expect(journal.state.pairs.get(LINE.pair)?.last).toMatchObject({ act: 'apply', code: 'busy' })
    expect(journal.state.asked).toBe(1)
    journal.close()
  })

  it.each<[string, Omit<JournalLine, 'at' | 'pair' | 'primary'>[], boolean]>([
    ['a link that was begun', [BEGUN], true],
    ['a link that a kill cut off, and that was refused for now since', [BEGUN, BEGUN, refused('busy')], true],
    ['a cut-off link whose undo was refused for now', [BEGUN, UNDO, refused('busy', 'undo')], true],
    ['a link whose outcome is unknown', [BEGUN, refused('outcome_unknown')], true],
    ['a link that was refused for now at the first try', [BEGUN, refused('busy')], false],
    [
      'a link that a kill cut off, and that was refused for good since',
      [BEGUN, BEGUN, refused('changed')],
      false,
    ],
    ['a cut-off link that an undo found taken apart', [BEGUN, UNDO, refused('taken_apart', 'undo')], false],
    ['a cut-off link that was made since', [BEGUN, BEGUN, { ...BEGUN, step: 'linked' }], false],
  ])('knows whether it is uncertain that a pair is linked: %s', (_what, lines, expected) => {
    const { journal: path } = aFolder()
    const journal = new JournalWriter(path, now)
    for (const line of lines) journal.write({ ...LINE, ...line })
    const state = journal.state.pairs.get(LINE.pair)
    expect(state && isOpen(state)).toBe(expected)
    journal.close()
  })

  it('keeps one state for each pair, and the times of the last 200 outcomes', () => {
    const { journal: path } = aFolder()
    const journal = new JournalWriter(path, now)
    for (let count = 0; count < 300; count += 1)
      journal.write({ ...LINE, step: 'refused', code: 'busy', calls: 1 })
    expect([journal.state.pairs.size, journal.state.ends.length, journal.state.calls]).toEqual([1, 200, 300])
    journal.close()
  })
})

describe('the lock of a folder', () => {
  it('keeps a second command out until the first one ends', () => {
    const folder = aFolder()
    // The parent of this process is alive, so its lock holds.
    writeFileSync(join(folder.path, 'lock'), lockOf(process.ppid))
    expect(() => lockFolder(folder)).toThrow('Another command')
    writeFileSync(join(folder.path, 'lock'), lockOf(2 ** 30, 'another machine'))
    expect(() => lockFolder(folder)).toThrow('Another command')
  })

  it('is taken over from a process that was killed, and removed at the end', () => {
    const folder = aFolder()
    const file = join(folder.path, 'lock')
    writeFileSync(file, lockOf(2 ** 30))
    const release = lockFolder(folder)
    expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid)
    release()
    expect(existsSync(file)).toBe(false)
  })
})

/** The content of the lock file of a process, on another machine if `host` is given. */
function lockOf(pid: number, host?: string): string {
  const folder = aFolder()
  const release = lockFolder(folder)
  const own = JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8'))
  release()
  return JSON.stringify({ ...own, pid, ...(host && { host }) })
}
