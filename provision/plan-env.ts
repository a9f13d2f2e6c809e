import type { ActualClient } from './actual'
import type { Part } from './desired'
import type { Variables } from './env-file'

/** The variables that hold an application's id and secret. */
export const CLIENT_VARIABLES: Record<Part, { id: string; secret: string }> = {
  settings: { id: 'AUTH0_CLIENT_ID', secret: 'AUTH0_CLIENT_SECRET' },
  proof: { id: 'LINKING_CLIENT_ID', secret: 'LINKING_CLIENT_SECRET' },
  management: { id: 'MANAGEMENT_API_CLIENT_ID', secret: 'MANAGEMENT_API_CLIENT_SECRET' },
}

/** The variables whose values are made here. */
export const GENERATED = ['AUTH0_SECRET', 'SESSION_TOKEN_SHARED_SECRET', 'FLOW_SECRET']

/**
 * Which variables of the service have to be written. What is there stays.
 *
 * @param env - As it is.
 * @param settings - What the operator says, by variable.
 * @param owned - The applications of ours that are there.
 */
export function planEnv(
  env: Variables,
  settings: Record<string, string>,
  owned: Partial<Record<Part, ActualClient>>,
): { names: string[]; conflicts: string[] } {
  const conflicts = Object.entries(settings)
    .filter(([name, value]) => env[name] !== undefined && env[name] !== value)
    .map(
      ([name]) =>
        `${name} has another value in the service's file than it was given. Change the one or the other.`,
    )
  for (const [part, { id }] of Object.entries(CLIENT_VARIABLES)) {
    if (env[id] !== undefined && env[id] !== owned[part as Part]?.client_id)
      conflicts.push(`${id} in the service's file names an application that is not ours. Take the line out.`)
  }
  const clients = Object.values(CLIENT_VARIABLES).flatMap(({ id, secret }) => [id, secret])
  const wanted = [...Object.keys(settings), ...clients, ...GENERATED]
  return { names: wanted.filter((name) => env[name] === undefined), conflicts }
}
