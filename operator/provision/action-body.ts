import type { ActualAction } from '../shared/actual'
import type { Desired } from '../shared/desired'
import type { ActionBody } from '../shared/tenant'

/**
 * Converts the Action to the format of the Management API.
 *
 * @param action - The desired Action.
 * @param present - The current Action. Secrets that others added to it are sent without a value, which keeps them.
 * @param withSecrets - If false, all secrets stay as they are.
 * @see {@link https://auth0.com/docs/api/management/v2/actions/patch-action Update an Action}
 */
export function actionBody(
  { code, runtime, dependencies, supported_triggers, secrets }: Desired['action'],
  present: ActualAction | undefined,
  withSecrets: boolean,
): ActionBody {
  const body = { code, runtime, dependencies, supported_triggers }
  if (!withSecrets) return body
  const others = (present?.secrets ?? []).filter((name) => !secrets.some((secret) => secret.name === name))
  return { ...body, secrets: [...secrets, ...others.map((name) => ({ name }))] }
}
