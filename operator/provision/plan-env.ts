import type { ActualClient } from '../shared/actual'
import type { Part } from '../shared/desired'
import type { Variables } from '../shared/env-file'

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
 * @param parts - The applications that there are to be.
 * @param owned - Those of ours that are there.
 */
export function planEnv(
  env: Variables,
  settings: Record<string, string>,
  parts: Part[],
  owned: Partial<Record<Part, ActualClient>>,
): { names: string[]; conflicts: string[] } {
  const conflicts = Object.entries(settings)
    .filter(([name, value]) => env[name] !== undefined && env[name] !== value)
    .map(
      ([name]) =>
        `${name} has another value in the service's file than it was given. Change the one or the other.`,
    )
  for (const part of parts) {
    const { id } = CLIENT_VARIABLES[part]
    if (env[id] !== undefined && env[id] !== owned[part]?.client_id)
      conflicts.push(`${id} in the service's file names an application that is not ours. Take the line out.`)
  }
  const clients = parts.map((part) => CLIENT_VARIABLES[part]).flatMap(({ id, secret }) => [id, secret])
  const wanted = [...Object.keys(settings), ...clients, ...GENERATED]
  return { names: wanted.filter((name) => env[name] === undefined), conflicts }
}
