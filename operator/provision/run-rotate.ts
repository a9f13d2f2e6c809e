import { readEnvFile } from '../shared/env-file'
import { type Rotation, rotate } from './rotate'
import { type Mode, requireConfirmation } from './run-apply'
import type { Session } from './session'
import { writeForVercel } from './vercel'

const NEXT: Record<Rotation, string> = {
  deploy_service: 'Deploy the service with both secrets, then run rotate again.',
  wait: 'Open logins continue with the old secret. Run rotate again in an hour.',
  finished: 'The old secret is removed. Deploy the service once more.',
}

/**
 * Runs `rotate`: makes one step of a rotation, or two if the operator says at the prompt that the service was deployed in
 * between.
 *
 * @throws {OperatorError} The errors of {@link rotate}, and `confirmation_needed`.
 */
export async function runRotate(session: Session, mode: Mode): Promise<void> {
  const { terminal, access, work } = session
  await requireConfirmation(
    session,
    mode,
    `Continue the rotation of the shared secret at ${access.management.host}?`,
  )
  const step = async () => {
    const service = readEnvFile(work.envFile)
    const desired = (values: Record<string, string>) => work.desired({ ...service, ...values })
    const next = await rotate({ ...work, settings: {}, desired }, access.management.host, new Date())
    writeForVercel(session)
    return next
  }
  let next = await step()
  if (next === 'deploy_service' && terminal.isInteractive) {
    terminal.say('Deploy the service with both secrets now.')
    if (await terminal.confirm('Is it deployed?')) next = await step()
  }
  terminal.end(NEXT[next])
}
