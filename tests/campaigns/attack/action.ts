/**
 * The Action that the attacked tenant runs: a copy of the built Action. A case may change the event that it receives. The
 * copy also puts the `groups` of a user's `app_metadata` into access tokens, as many operators' Actions do.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACTION, ROOT } from '../../../scripts/lib/paths.mjs'

/** The parts of the event to replace, such as `{ secrets: { … } }`; null removes a value. */
export type EventChange = Record<string, unknown>

/** A copy of the built Action. The tenant loads it again after every change. */
export class AttackedAction {
  private readonly folder = mkdtempSync(join(tmpdir(), 'account-linking-attack-'))
  private readonly code = readFileSync(join(ROOT, ACTION), 'utf8')
  private written = ''
  /** Path of the copy. */
  readonly file = join(this.folder, 'action.js')

  constructor() {
    this.change({})
  }

  /** Changes the event of every login from now on. A second call undoes the change of the first. */
  change(event: EventChange): void {
    const code = `${this.code}\n${changing(event)}`
    if (code !== this.written) writeFileSync(this.file, code)
    this.written = code
  }

  /** Removes the file. */
  close(): void {
    rmSync(this.folder, { recursive: true })
  }
}

const changing = (event: EventChange) => `
const laidOver = (value, change) => {
  if (change === null || typeof change !== 'object' || Array.isArray(change)) return change ?? undefined
  return Object.entries(change).reduce((all, [name, each]) => ({ ...all, [name]: laidOver(all[name], each) }), { ...value })
}
for (const [name, handler] of Object.entries(exports))
  exports[name] = (event, api) => {
    const { groups } = event.user.app_metadata ?? {}
    if (groups) api.accessToken.setCustomClaim('https://example.com/groups', groups)
    return handler(laidOver(event, ${JSON.stringify(event)}), api)
  }
`
