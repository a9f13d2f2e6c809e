import type { ActualClient } from '../shared/actual'
import type { ApplicationPurpose } from '../shared/desired'
import type { Variables } from '../shared/env-file'

/** The variables that hold an application's id and secret. */
export const CLIENT_VARIABLES: Record<ApplicationPurpose, { id: string; secret: string }> = {
  settings: { id: 'AUTH0_CLIENT_ID', secret: 'AUTH0_CLIENT_SECRET' },
  proof: { id: 'LINKING_CLIENT_ID', secret: 'LINKING_CLIENT_SECRET' },
  management: { id: 'MANAGEMENT_API_CLIENT_ID', secret: 'MANAGEMENT_API_CLIENT_SECRET' },
}

/** Variables whose values this command generates. */
export const GENERATED = ['AUTH0_SECRET', 'SESSION_TOKEN_SHARED_SECRET', 'FLOW_SECRET']

/**
 * Plans which variables of the service to write. Variables that are set stay as they are.
 *
 * @param env - The current variables.
 * @param settings - The operator's settings, by variable.
 * @param purposes - The applications that the tenant needs.
 * @param owned - Our applications that the tenant has.
 * @returns The names to write, and sentences about conflicts.
 */
export function planEnv(
  env: Variables,
  settings: Record<string, string>,
  purposes: ApplicationPurpose[],
  owned: Partial<Record<ApplicationPurpose, ActualClient>>,
): { names: string[]; conflicts: string[] } {
  const conflicts = Object.entries(settings)
    .filter(([name, value]) => env[name] !== undefined && env[name] !== value)
    .map(
      ([name]) => `${name} has another value in the service's file than in the settings. Change one of them.`,
    )
  for (const purpose of purposes) {
    const { id } = CLIENT_VARIABLES[purpose]
    if (env[id] !== undefined && env[id] !== owned[purpose]?.client_id)
      conflicts.push(`${id} in the service's file names an application that is not ours. Remove that line.`)
  }
  const clients = purposes
    .map((purpose) => CLIENT_VARIABLES[purpose])
    .flatMap(({ id, secret }) => [id, secret])
  const wanted = [...Object.keys(settings), ...clients, ...GENERATED]
  return { names: wanted.filter((name) => env[name] === undefined), conflicts }
}
