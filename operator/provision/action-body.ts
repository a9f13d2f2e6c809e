import type { ActualAction } from '../shared/actual'
import type { Desired } from '../shared/desired'
import type { ActionBody } from '../shared/tenant'

/**
 * The Action as the Management API takes it.
 *
 * @param action - As it is desired.
 * @param present - As it is; secrets of it that are not ours are kept: without a value they stay as they are.
 * @param withSecrets - Left out, all secrets stay as they are.
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
