/**
 * Writes plans in the format of the command `plan`, for tests of the commands that read them.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { accountState } from '@/core'
import { parseAccount } from '@/lib/auth0/account'
import { type Folder, folderAt } from '@/operator/duplicates/folder'
import type { PlanHead, PlannedPair } from '@/operator/duplicates/plan/plan-file'
import { type HashedHead, PlanHasher, policyHash } from '@/operator/duplicates/plan/plan-id'
import { JournalLine } from '@/operator/duplicates/run/journal-state'
import { testConfig } from '../../support/process/services'

/** User ids of accounts to link: the primary, and its secondaries. */
export type PlannedGroup = [primary: string, ...secondaries: string[]]

/** Makes a temporary folder, which is removed when the test ends. */
export function aFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'account-linking-duplicates-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return folderAt(path)
}

/**
 * Writes a plan into a folder.
 *
 * @param readUser - Returns a user as the Management API does.
 * @param head - Replaces fields of the plan's head; `plan_id` too, if given.
 * @param environment - Of the service. The plan holds a hash of its policy.
 * @param outcomes - The outcome of a pair, by the user id of its secondary; `linkable` for all others.
 * @returns The `plan_id` that matches the contents of the plan.
 */
export async function aPlan(
  folder: Folder,
  groups: PlannedGroup[],
  readUser: (id: string) => Promise<unknown>,
  head: Partial<PlanHead> = {},
  environment: Record<string, string> = {},
  outcomes: Record<string, string> = {},
): Promise<string> {
  const stateOf = async (id: string) => {
    const account = parseAccount(await readUser(id))
    if (!account) throw new Error(`there is no user ${id}`)
    return accountState(account)
  }
  const pairs = await Promise.all(
    groups.flatMap(([primary, ...secondaries], at) =>
      secondaries.map(
        async (secondary): Promise<PlannedPair> => ({
          ...{ key: `group-${at}`, primary, secondary, outcome: outcomes[secondary] ?? 'linkable' },
          states: { primary: await stateOf(primary), secondary: await stateOf(secondary) },
          carried: { user_metadata: [], app_metadata: [] },
        }),
      ),
    ),
  )
  const lines = pairs.map((pair) => JSON.stringify(pair))
  const { managementDomain, policy } = testConfig(environment)
  const hashed: HashedHead = {
    version: 1,
    tenant: managementDomain.host,
    made_at: new Date().toISOString(),
    rule: {},
    policy: policyHash(policy),
    linkable: pairs.length,
    refused: 0,
    ...head,
  }
  const hasher = new PlanHasher()
  for (const line of lines) hasher.add(line)
  const plan_id = hasher.end(hashed)
  writeFileSync(folder.plan, lines.map((line) => `${line}\n`).join(''))
  writeFileSync(folder.planHead, JSON.stringify({ ...hashed, plan_id, ...head }))
  return plan_id
}

/** The lines of a folder's journal. */
export const journalOf = (folder: Folder): JournalLine[] =>
  readFileSync(folder.journal, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JournalLine.parse(JSON.parse(line)))
