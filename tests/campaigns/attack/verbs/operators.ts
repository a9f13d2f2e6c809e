/**
 * Steps of an operator who links accounts by a plan, and of an attacker who changes the plan after its approval.
 * @module
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { accountState } from '@/core'
import { parseAccount } from '@/lib/auth0/account'
import { parseConfig } from '@/lib/config/config'
import { folderAt } from '@/operator/duplicates/folder'
import type { PlannedPair } from '@/operator/duplicates/plan/plan-file'
import { type HashedHead, PlanHasher, policyHash } from '@/operator/duplicates/plan/plan-id'
import { ROOT } from '../../../../scripts/lib/paths.mjs'
import { endOf } from '../../../support/process/end-of'
import type { Run } from '../run'
import { texts, type Verb, values, verb } from '../verb'

export const OPERATOR_VERBS: Record<string, Verb> = {
  /**
   * Plans to link two accounts in their current state, and stores the plan under the name `as`. `head` replaces fields of
   * the plan's head. With `instead`, a plan of another pair takes the place of the approved one: with its own id if it is
   * `isWhole`, otherwise with the approved id.
   */
  'operator plans': verb(
    {
      primary: z.string(),
      secondary: z.string(),
      head: values.optional(),
      instead: z
        .strictObject({ primary: z.string(), secondary: z.string(), isWhole: z.boolean() })
        .optional(),
      as: z.string(),
    },
    async (run, { primary, secondary, head = {}, instead, as }) => {
      const approved = await planOf(run, { primary, secondary }, head)
      const used = instead ? await planOf(run, instead, head) : approved
      // A plan that is not whole carries the approved id, which does not match its contents.
      const claimed =
        instead && !instead.isWhole ? { ...used.head, plan_id: approved.head.plan_id } : used.head
      run.values[as] = { id: approved.head.plan_id, head: claimed, line: used.line }
    },
  ),

  /** Applies a plan with the environment of the application, and checks the exit status and a text of the output. */
  'operator applies': verb(
    {
      plan: z.object({ id: z.string(), head: values, line: z.string() }),
      env: texts.optional(),
      status: z.number(),
      says: z.string(),
    },
    async (run, { plan, env = {}, status, says }) => {
      const folder = folderAt(mkdtempSync(join(tmpdir(), 'account-linking-attack-')))
      try {
        writeFileSync(folder.planHead, JSON.stringify(plan.head))
        writeFileSync(folder.plan, `${plan.line}\n`)
        const ended = await command(
          run,
          { OPERATOR_LINKS: 'on', ...env },
          'apply',
          '--plan-id',
          plan.id,
          '--out',
          folder.path,
        )
        if (ended.status !== status || !ended.output.includes(says))
          throw new Error(`ended with ${ended.status}: ${ended.output}`)
      } finally {
        rmSync(folder.path, { recursive: true })
      }
    },
  ),
}

/** A plan of one pair, as the command `plan` writes it. */
async function planOf(
  run: Run,
  { primary, secondary }: { primary: string; secondary: string },
  changes: Record<string, unknown>,
) {
  const stateOf = async (id: string) => {
    const account = parseAccount(await run.flow.tenant.user(id))
    if (!account) throw new Error(`there is no user ${id}`)
    return accountState(account)
  }
  const parsed = parseConfig(run.flow.demo.env)
  if ('problems' in parsed) throw new Error('the environment of the application is unknown here')
  const { managementDomain, policy } = parsed.config
  const pair: PlannedPair = {
    ...{ key: 'group', primary, secondary, outcome: 'linkable' },
    states: { primary: await stateOf(primary), secondary: await stateOf(secondary) },
    carried: { user_metadata: [], app_metadata: [] },
  }
  const head = {
    ...{ version: 1, tenant: managementDomain.host, made_at: new Date().toISOString(), rule: {} },
    ...{ policy: policyHash(policy), linkable: 1, refused: 0 },
    ...changes,
  } as HashedHead
  const line = JSON.stringify(pair)
  const hasher = new PlanHasher()
  hasher.add(line)
  return { line, head: { ...head, plan_id: hasher.end(head) } }
}

/** Runs `npm run duplicates` with the environment of the application. */
async function command(run: Run, env: Record<string, string>, ...args: string[]) {
  const { demo } = run.flow
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'run.mjs'), 'duplicates', ...args], {
    cwd: tmpdir(),
    env: {
      ...demo.env,
      ...env,
      PATH: process.env.PATH,
      NODE_EXTRA_CA_CERTS: demo.ca,
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return endOf(child)
}
