import { readEnvFile } from '../shared/env-file'
import { OperatorError } from '../shared/operator-error'
import { planRollback } from './plan-rollback'
import { undo, undoInWords } from './rollback'
import { type Mode, requireConfirmation } from './run-apply'
import type { Session } from './session'

/**
 * Runs `rollback`: undoes the last `apply`, and says what stays because someone has changed it since.
 *
 * @throws {OperatorError} `nothing_to_roll_back`, and the errors of `apply`.
 */
export async function runRollback(session: Session, mode: Mode): Promise<void> {
  const { terminal, work, access } = session
  const { tenant, journal, envFile } = work
  const run = journal.lastRun
  if (!run) throw new OperatorError('nothing_to_roll_back', 'There is no apply to roll back.')
  terminal.step('Reading the tenant …')
  const enabled = run.done.flatMap((done) => (done.kind === 'enable_connection' ? [done.id] : []))
  const hasStream = run.done.some(({ kind }) => kind === 'create_event_stream')
  const there = await tenant.read(({ id }) => enabled.includes(id), hasStream)
  const actual = { ...there, env: readEnvFile(envFile), fingerprints: journal.fingerprints }
  const { steps, left } = planRollback(run, actual)
  terminal.say(`Undoes what was applied at ${run.at}:`, ...steps.map(undoInWords))
  for (const sentence of left) terminal.say(`! ${sentence}`)
  await requireConfirmation(session, mode, `Undo this at ${access.management.host}?`)
  for (const [index, step] of steps.entries()) {
    terminal.step(`${index + 1}/${steps.length} ${undoInWords(step)}`)
    await undo(tenant, step)
  }
  journal.forgetRun(steps.some(({ kind }) => kind === 'redeploy_action' || kind === 'delete_action'))
  terminal.end('Rolled back.')
}
