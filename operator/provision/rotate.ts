/**
 * Changes the secret that Action and service share, while logins continue. First the service accepts both secrets, then the
 * Action gets the new one, then the old one is removed.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { readEnvFile, writeEnvFile } from '../shared/env-file'
import { OperatorError } from '../shared/operator-error'
import { isSharedSecretAccepted } from '../shared/service'
import { actionBody } from './action-body'
import { type ApplyContext, fingerprintsOf } from './apply'

/**
 * How long the service accepts the old secret after the Action has the new one, in milliseconds: as long as Auth0 keeps a
 * login paused.
 */
const OVERLAP_MS = 3_600_000

const CURRENT = 'SESSION_TOKEN_SHARED_SECRET'
const PREVIOUS = 'SESSION_TOKEN_SHARED_SECRET_PREVIOUS'

/** What the operator has to do before the next step. */
export type Rotation = 'deploy_service' | 'wait' | 'finished'

/**
 * Makes the next step of a rotation. The service's environment file and the journal show which step that is, so an
 * interrupted rotation can continue.
 *
 * @param work - What the run needs; `envFile` is the service's environment file.
 * @param issuer - Host of the tenant's canonical domain.
 * @param now - The current time.
 * @returns What the operator has to do next.
 * @throws {OperatorError} `not_provisioned`; `service_not_ready` if the running service does not accept both secrets;
 *   `rotation_waiting` if logins that began with the old secret may still be under way.
 */
export async function rotate(work: ApplyContext, issuer: string, now: Date): Promise<Rotation> {
  const { journal, envFile } = work
  const { [CURRENT]: current, [PREVIOUS]: previous, APP_BASE_URL: app = '' } = readEnvFile(envFile)
  if (current === undefined)
    throw new OperatorError('not_provisioned', `${envFile} has no ${CURRENT}. Run apply first.`)
  if (previous === undefined) {
    const next = randomBytes(32).toString('base64url')
    work.onSecret(next)
    journal.noteRotation(undefined)
    work.onStep(`${envFile}: a new ${CURRENT}; the old one becomes ${PREVIOUS}`)
    writeEnvFile(envFile, { [CURRENT]: next, [PREVIOUS]: current })
    return 'deploy_service'
  }
  if (journal.rotatedAt === undefined) {
    work.onStep(`${app}: checking whether it accepts both secrets`)
    for (const secret of [current, previous])
      if (!(await isSharedSecretAccepted(app, issuer, secret)))
        throw new OperatorError(
          'service_not_ready',
          `${app} does not accept both secrets yet. Deploy it with ${envFile}, then run rotate again.`,
        )
    await changeAction(work)
    journal.noteRotation(now)
    return 'wait'
  }
  const end = new Date(journal.rotatedAt.getTime() + OVERLAP_MS)
  if (now < end)
    throw new OperatorError(
      'rotation_waiting',
      `Logins that began with the old secret may be under way until ${end.toISOString()}. Run rotate again after that.`,
    )
  work.onStep(`${envFile}: ${PREVIOUS} goes`)
  writeEnvFile(envFile, { [PREVIOUS]: undefined })
  journal.noteRotation(undefined)
  return 'finished'
}

async function changeAction({ tenant, journal, envFile, desired, onStep }: ApplyContext): Promise<void> {
  const { action } = desired(readEnvFile(envFile))
  const present = (await tenant.read(() => false)).actions.find(({ name }) => name === action.name)
  if (!present)
    throw new OperatorError('not_provisioned', 'The tenant has no Action of this project. Run apply first.')
  onStep(`Action "${action.name}": sets the new secret and deploys`)
  const { secrets } = actionBody(action, present, true)
  await tenant.updateAction(present.id, { ...(secrets && { secrets }) })
  await tenant.awaitDeployment(present.id, await tenant.deployAction(present.id))
  journal.noteSecrets(fingerprintsOf(action.secrets))
}
