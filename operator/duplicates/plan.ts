/**
 * `plan`: lists the pairs that an operator's rule would link, and the metadata that each link would carry over. It writes
 * nothing to the tenant.
 * @module
 */
import { readFileSync } from 'node:fs'
import { RequestPacer } from '../../lib/auth0/pace'
import type { Variables } from '../shared/env-file'
import { readEnvironment } from '../shared/environment'
import { readArguments, readShare } from './arguments'
import { DuplicatesError } from './error'
import { type Folder, folderAt } from './folder'
import { lockFolder } from './folder-lock'
import { masked } from './masked'
import { PlanHead } from './plan/plan-file'
import { rightsKeeper } from './plan/plan-rights'
import { PlanRule, readRule } from './plan/plan-rule'
import { type PlanTerms, type WrittenPlan, writePlan } from './plan/write-plan'
import { formatCounts } from './progress'
import { configIn } from './settings'
import { openTenant } from './tenant/tenant-access'
import { tenantCalls } from './tenant/tenant-calls'

/** What an operator must know before approving a plan. */
const WARNING = `Auth0: applications "should not automatically link accounts based on the user's emails".
If you apply this plan, you vouch by the reason above that each pair is one person's: no one is asked.
If you cannot vouch for it, run npm run duplicates -- ask: then each person is asked at the next login.`

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status: 1 if some pairs that the rule names cannot be linked.
 * @throws {DuplicatesError} `bad_arguments`, `bad_rule`, `file_unreadable`, `no_plan`, `environment_unusable`,
 *   `nothing_scanned`, `already_running`.
 * @throws {OperatorError} If rights cannot be read.
 */
export async function plan(args: string[]): Promise<number> {
  const values = readArguments(args, {
    rule: { type: 'string' },
    rights: { type: 'boolean', default: false },
    share: { type: 'string', default: '0.5' },
    'show-addresses': { type: 'boolean', default: false },
  })
  const { rule: path, rights, 'show-addresses': isShown } = values
  const folder = folderAt(values.out)
  const env = readEnvironment(process.cwd(), values.env)
  const rule = path === undefined ? rights && plannedRule(folder) : readRule(path)
  if (!rule) throw new DuplicatesError('bad_arguments', 'Name a rule: --rule FILE')
  const { policy, managementDomain } = configIn(env)
  const release = lockFolder(folder)
  try {
    const withRights = rights ? await rightsAdder(folder, env, readShare(values.share)) : undefined
    const terms = { rule, policy, tenant: managementDomain.host, now: new Date(), withRights }
    const written = await writePlan(folder, terms)
    say(written, rule, isShown)
    return written.head.refused > 0 ? 1 : 0
  } finally {
    release()
  }
}

/** The rule of the plan that is in the folder. */
function plannedRule({ planHead }: Folder): PlanRule {
  try {
    return PlanRule.parse(PlanHead.parse(JSON.parse(readFileSync(planHead, 'utf8'))).rule)
  } catch (error) {
    throw new DuplicatesError('no_plan', 'There is no plan here: run plan --rule FILE.', { cause: error })
  }
}

async function rightsAdder(folder: Folder, env: Variables, share: number): Promise<PlanTerms['withRights']> {
  const config = configIn(env)
  const calls = tenantCalls(await openTenant(config, env), new RequestPacer(share))
  return rightsKeeper(folder, calls, config.policy)
}

function say({ head, sample, refusals }: WrittenPlan, { because }: PlanRule, isShown: boolean): void {
  const lines = sample.map(({ pair, email }) => {
    const { key, primary, secondary, carried } = pair
    const names = [...carried.user_metadata, ...carried.app_metadata]
    const ids = `${masked(secondary, isShown)} becomes part of ${masked(primary, isShown)}`
    const carries = names.length > 0 ? `; carried: ${names.join(', ')}` : ''
    return `  ${key} ${isShown ? `${email} ` : ''}${ids}${carries}`
  })
  console.log(
    [
      `${head.linkable} pairs would be linked, ${head.refused} would not${refusals.size > 0 ? `: ${formatCounts(refusals)}` : ''}.`,
      ...(lines.length > 0 ? ['For example:', ...lines] : []),
      '',
      `Reason: ${because}`,
      WARNING,
      '',
      `plan_id ${head.plan_id}`,
    ].join('\n'),
  )
}
