/**
 * The Action of the attacked tenant: the built one, with an event that a case may change. It adds the `groups` of a
 * user's `app_metadata` to access tokens, as many operators' Actions do.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACTION, ROOT } from '../../../scripts/lib/paths.mjs'

/** Values for parts of the event, `{ secrets: { … } }`; null removes a value. */
export type EventChange = Record<string, unknown>

/** A copy of the built Action. The tenant loads it again after every change. */
export class AttackedAction {
  private readonly folder = mkdtempSync(join(tmpdir(), 'account-linking-attack-'))
  private readonly code = readFileSync(join(ROOT, ACTION), 'utf8')
  private written = ''
  /** Its path. */
  readonly file = join(this.folder, 'action.js')

  constructor() {
    this.change({})
  }

  /** Replaces values in the event of every login from now on. Replaces the values of the last call too. */
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
