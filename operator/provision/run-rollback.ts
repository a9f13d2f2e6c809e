import { readEnvFile } from '../shared/env-file'
import { OperatorError } from '../shared/operator-error'
import { planRollback } from './plan-rollback'
import { undo, undoInWords } from './rollback'
import { confirmed, type Mode } from './run-apply'
import type { Session } from './session'

/**
 * `rollback`: takes the last `apply` back, and says what stays because somebody changed it since.
 *
 * @throws {OperatorError} `nothing_to_roll_back`; as `apply` does otherwise.
 */
export async function runRollback(session: Session, mode: Mode): Promise<void> {
  const { terminal, work, access } = session
  const { tenant, journal, envFile } = work
  const run = journal.lastRun
  if (!run) throw new OperatorError('nothing_to_roll_back', 'There is no apply to take back.')
  terminal.step('Reading the tenant …')
  const enabled = run.done.flatMap((done) => (done.kind === 'enable_connection' ? [done.id] : []))
  const there = await tenant.read(({ id }) => enabled.includes(id))
  const actual = { ...there, env: readEnvFile(envFile), fingerprints: journal.fingerprints }
  const { steps, left } = planRollback(run, actual)
  terminal.say(`Takes back what was applied at ${run.at}:`, ...steps.map(undoInWords))
  for (const sentence of left) terminal.say(`! ${sentence}`)
  await confirmed(session, mode, `Take this back at ${access.management.host}?`)
  for (const [index, step] of steps.entries()) {
    terminal.step(`${index + 1}/${steps.length} ${undoInWords(step)}`)
    await undo(tenant, step)
  }
  journal.forgetRun(steps.some(({ kind }) => kind === 'redeploy_action' || kind === 'delete_action'))
  terminal.end('Taken back.')
}
