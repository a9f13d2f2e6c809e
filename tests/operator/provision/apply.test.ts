import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApplyContext, apply } from '@/operator/provision/apply'
import type { Change } from '@/operator/provision/change'
import { fingerprint } from '@/operator/shared/fingerprint'
import { ProvisionJournal } from '@/operator/shared/journal'
import type { Tenant } from '@/operator/shared/tenant'
import { applied, DESIRED } from '../shared/a-tenant'

const NOW = new Date('2026-11-24T12:00:00.000Z')
const SECRETS: Change = {
  kind: 'update_action',
  id: 'ours',
  name: 'Account linking',
  fields: ['secrets'],
  secrets: [],
  before: 'version-2',
}

let folder: string
let sent: { secrets?: unknown }[]
let work: ApplyContext
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-apply-'))
  sent = []
  const tenant = {
    updateAction: async (_id: string, body: object) => void sent.push(body),
    deployAction: async () => 'version-3',
    awaitDeployment: async () => undefined,
  } as unknown as Tenant
  work = {
    tenant,
    journal: new ProvisionJournal(join(folder, 'journal.json')),
    envFile: join(folder, '.env.local'),
    settings: {},
    desired: () => DESIRED,
    onStep: () => undefined,
    onSecret: () => undefined,
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('apply', () => {
  it('sets the secrets of the Action, and records their fingerprints and the earlier version', async () => {
    await apply(work, [SECRETS], applied(), NOW)
    expect(sent).toMatchObject([{ secrets: DESIRED.action.secrets }])
    expect(work.journal.fingerprints).toEqual({
      SESSION_TOKEN_SHARED_SECRET: fingerprint('shared'),
      MANAGEMENT_API_CLIENT_ID: fingerprint('management-id'),
    })
    expect(work.journal.lastRun).toMatchObject({
      isFinished: true,
      done: [{ kind: 'update_action', before: 'version-2', after: 'version-3' }],
    })
  })

  it('leaves the shared secret of the Action alone during a rotation', async () => {
    writeFileSync(work.envFile, 'SESSION_TOKEN_SHARED_SECRET=new\nSESSION_TOKEN_SHARED_SECRET_PREVIOUS=old\n')
    await apply(work, [SECRETS], applied(), NOW)
    expect(sent).toMatchObject([
      {
        secrets: [
          { name: 'MANAGEMENT_API_CLIENT_ID', value: 'management-id' },
          { name: 'SESSION_TOKEN_SHARED_SECRET' },
        ],
      },
    ])
    expect(JSON.stringify(sent)).not.toContain('shared"')
    expect(Object.keys(work.journal.fingerprints)).toEqual(['MANAGEMENT_API_CLIENT_ID'])
  })
})
