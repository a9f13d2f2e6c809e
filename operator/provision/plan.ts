/**
 * Plans the changes from the current state to the desired one. Makes no requests, and uses neither a clock nor randomness.
 * @module
 */
import type { Actual, ActualAction, ActualClient } from '../shared/actual'
import {
  type ApplicationPurpose,
  type Desired,
  type DesiredClient,
  PURPOSE_KEY,
  PURPOSES,
} from '../shared/desired'
import { fingerprint } from '../shared/fingerprint'
import { isOurs } from '../shared/own-action'
import type { ActionField, Change } from './change'
import { planApi } from './plan-api'
import { planClient } from './plan-client'
import { planEnv } from './plan-env'

/** The changes in order, with conflicts and notes. */
export interface Plan {
  changes: Change[]
  /** Sentences about what prevents the changes. If there is one, nothing is changed. */
  conflicts: string[]
  /** Sentences that the operator should read. */
  notes: string[]
}

/**
 * Compares the desired and the current state. Recognizes our applications by their metadata and our Action by the first line
 * of its code, and changes no others. Keeps URLs and scopes that others added to ours.
 *
 * @param desired - From `auth0/`.
 * @param actual - The current state.
 * @param settings - The operator's settings for the service, by variable.
 * @param trusted - Providers or connections whose accounts are offered. `actual` contains only the connections that match.
 */
export function plan(
  desired: Desired,
  actual: Actual,
  settings: Record<string, string>,
  trusted: string[],
): Plan {
  const conflicts: string[] = []
  const notes: string[] = []
  const owned = ownedClients(actual.clients)
  const changes: Change[] = []
  for (const purpose of desired.purposes) {
    const client = desired.clients[purpose]
    if (!owned[purpose] && actual.clients.some(({ name }) => name === client.name))
      conflicts.push(nameTaken(client, purpose))
    if (actual.clients.filter((each) => purposeOf(each) === purpose).length > 1)
      conflicts.push(
        `Several applications have the metadata ${PURPOSE_KEY}=${purpose}. Remove it from all but one.`,
      )
    changes.push(...planClient(purpose, client, owned[purpose]))
  }
  changes.push(...desired.callers.flatMap((purpose) => planGrant(desired, actual, purpose, owned[purpose])))
  changes.push(...planApi(desired.api, actual.apis), ...planApi(desired.consoleApi, actual.apis))
  changes.push(...planEventStream(desired, actual), ...planConnections(desired, actual, owned))
  if (actual.connections.length === 0)
    notes.push(`No connection of the tenant matches ${trusted.join(', ')}, so no one will be asked.`)

  const env = planEnv(actual.env, settings, desired.purposes, owned)
  conflicts.push(...env.conflicts)
  if (env.names.length > 0) changes.push({ kind: 'write_env', names: env.names })

  const action = planAction(desired, actual, !owned.management)
  changes.push(...action.changes)
  conflicts.push(...action.conflicts)
  notes.push(...action.notes)
  return { changes, conflicts, notes }
}

/** Our applications in the tenant, by purpose. */
export function ownedClients(clients: ActualClient[]): Partial<Record<ApplicationPurpose, ActualClient>> {
  return Object.fromEntries(
    PURPOSES.flatMap((purpose) => {
      const client = clients.find((each) => purposeOf(each) === purpose)
      return client ? [[purpose, client]] : []
    }),
  )
}

/** Which of our applications this is, by its metadata; undefined if it is not ours. */
export function purposeOf({ client_metadata: metadata }: ActualClient): string | undefined {
  return metadata[PURPOSE_KEY]
}

function nameTaken({ name }: DesiredClient, purpose: ApplicationPurpose): string {
  return `There is an application "${name}" that is not marked as ours. Rename it, or give it the metadata ${PURPOSE_KEY}=${purpose}.`
}

function planGrant(
  { grant }: Desired,
  { grants }: Actual,
  purpose: ApplicationPurpose,
  client: ActualClient | undefined,
): Change[] {
  const present = grants.find(
    ({ client_id: id, audience }) => id === client?.client_id && audience === grant.audience,
  )
  if (!present) return [{ kind: 'create_grant', purpose, audience: grant.audience, scope: grant.scope }]
  if (present.hasAllScopes) return []
  const missing = grant.scope.filter((scope) => !present.scope.includes(scope))
  if (missing.length === 0) return []
  return [
    {
      kind: 'update_grant',
      id: present.id,
      before: present.scope,
      after: [...present.scope, ...missing],
    },
  ]
}

/** An existing stream stays as it is: someone may have disabled it or added events. The doctor says what it lacks. */
function planEventStream({ eventStream }: Desired, { eventStreams }: Actual): Change[] {
  if (!eventStream || eventStreams.some(({ url }) => url === eventStream.url)) return []
  return [{ kind: 'create_event_stream', url: eventStream.url }]
}

function planConnections(
  desired: Desired,
  { connections }: Actual,
  owned: Partial<Record<ApplicationPurpose, ActualClient>>,
): Change[] {
  return connections.flatMap(({ id, name, clients }) => {
    const purposes = desired.purposes.filter(
      (purpose) => purpose !== 'management' && !clients.includes(owned[purpose]?.client_id ?? ''),
    )
    return purposes.length === 0 ? [] : [{ kind: 'enable_connection' as const, id, name, purposes }]
  })
}

function planAction(desired: Desired, actual: Actual, isClientNew: boolean): Plan {
  const { action } = desired
  const present = actual.actions.find(({ name }) => name === action.name)
  const others = actual.bindings.filter(({ name }) => name !== action.name)
  const notes = others
    .filter(({ actionId }) =>
      actual.actions.find(({ id }) => id === actionId)?.code.includes('setPrimaryUser('),
    )
    .map(
      ({ name }) =>
        `The Action "${name}" in the trigger switches the primary user as well. Remove it from the trigger.`,
    )
  if (present && !isOurs(present)) {
    const conflict = `There is an Action "${action.name}" that is not ours. Rename it.`
    return { changes: [], conflicts: [conflict], notes }
  }
  const secrets = action.secrets.map(({ name }) => name)
  const changes: Change[] = []
  if (!present) changes.push({ kind: 'create_action', name: action.name, secrets })
  else {
    const fields = changedFields(desired, present, actual, isClientNew)
    if (fields.length > 0) {
      const { id, name, deployedVersion: before } = present
      changes.push({ kind: 'update_action', id, name, fields, secrets, before })
    }
  }
  if (others.length === actual.bindings.length) {
    changes.push({ kind: 'bind_action', name: action.name, behind: others.map(({ name }) => name) })
  }
  return { changes, conflicts: [], notes }
}

function changedFields(
  { action }: Desired,
  present: ActualAction,
  { fingerprints, env }: Actual,
  isClientNew: boolean,
): ActionField[] {
  const isRotating = env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS !== undefined
  const hasOtherSecrets = action.secrets.some(({ name, value }) => {
    if (!present.secrets.includes(name)) return true
    // During a rotation of the shared secret, `rotate` gives the Action the new secret once the service accepts it.
    if (isRotating && name === 'SESSION_TOKEN_SHARED_SECRET') return false
    const known = fingerprints[name]
    return known !== undefined && !/##\w+##/.test(value) && known !== fingerprint(value)
  })
  const changed: [ActionField, boolean][] = [
    ['code', action.code !== present.code],
    ['runtime', action.runtime !== present.runtime],
    ['dependencies', JSON.stringify(action.dependencies) !== JSON.stringify(present.dependencies)],
    ['secrets', hasOtherSecrets || isClientNew || env.SESSION_TOKEN_SHARED_SECRET === undefined],
  ]
  const fields = changed.flatMap(([field, isChanged]) => (isChanged ? [field] : []))
  return fields.length === 0 && !present.isDeployed ? ['deployment'] : fields
}
