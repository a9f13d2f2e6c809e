import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProvisionJournal } from '@/operator/shared/journal'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-journal-'))
  path = join(folder, 'below', 'tenant.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const AT = new Date('2026-11-24T12:00:00.000Z')

describe('ProvisionJournal', () => {
  it('is written at every change, so that it survives the end of the process', () => {
    const journal = new ProvisionJournal(path)
    journal.begin(AT)
    journal.note({ kind: 'create_action', name: 'Account linking' })
    expect(new ProvisionJournal(path).lastRun).toMatchObject({
      isFinished: false,
      done: [{ kind: 'create_action', name: 'Account linking' }],
    })
  })

  it('continues a run that did not end, and begins a new one otherwise', () => {
    const journal = new ProvisionJournal(path)
    journal.begin(AT)
    journal.note({ kind: 'bind_action', name: 'a' })
    journal.begin(AT)
    journal.note({ kind: 'bind_action', name: 'b' })
    journal.finish()
    expect(journal.lastRun?.done).toHaveLength(2)
    journal.begin(AT)
    expect(journal.lastRun?.done).toEqual([])
  })

  it('remembers the secrets from before a run, for a rollback with secrets', () => {
    const journal = new ProvisionJournal(path)
    journal.noteSecrets({ WORD: 'first' })
    journal.begin(AT)
    journal.noteSecrets({ WORD: 'second' })
    journal.finish()
    journal.begin(AT)
    journal.noteSecrets({ WORD: 'third' })
    journal.forgetRun(false)
    expect(journal.fingerprints).toEqual({ WORD: 'third' })
    journal.forgetRun(true)
    expect(new ProvisionJournal(path).fingerprints).toEqual({ WORD: 'first' })
    expect(journal.lastRun).toBeUndefined()
  })

  it.each(['not json', '{"version":2}'])('refuses a file that it did not write: %s', (text) => {
    new ProvisionJournal(path).begin(AT)
    writeFileSync(path, text)
    expect(() => new ProvisionJournal(path)).toThrow(expect.objectContaining({ code: 'state_unreadable' }))
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
