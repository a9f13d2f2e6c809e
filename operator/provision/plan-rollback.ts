/**
 * Plans how to undo a run, from the journal and the current state. Makes no requests.
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import type { Actual } from '../shared/actual'
import { fingerprint } from '../shared/fingerprint'
import type { RecordedStep, Run } from '../shared/journal'
import type { FieldValues } from './change'
import { purposeOf } from './plan'

/** One step of a rollback. */
export type Undo =
  | { kind: 'unbind_action'; name: string }
  | { kind: 'delete_action'; id: string; name: string }
  | { kind: 'redeploy_action'; id: string; name: string; version: string }
  | { kind: 'clear_env'; file: string; names: string[] }
  | { kind: 'disable_connection'; id: string; name: string; clients: string[] }
  | { kind: 'delete_grant'; id: string }
  | { kind: 'restore_grant'; id: string; scope: string[] }
  | { kind: 'delete_event_stream'; id: string; url: string }
  | { kind: 'delete_api'; id: string; identifier: string }
  | { kind: 'restore_api'; id: string; name: string; fields: FieldValues }
  | { kind: 'delete_client'; id: string; name: string }
  | { kind: 'restore_client'; id: string; name: string; fields: FieldValues }

/** The steps that undo a run, in order, and sentences about what stays because someone has changed it since. */
export interface RollbackPlan {
  steps: Undo[]
  left: string[]
}

/**
 * Plans the rollback of a run. It undoes the last change first, so that logins stop using the Action before anything that
 * the Action needs is removed. It keeps what someone else has changed since, and says so in `left`.
 *
 * @param run - A run from the journal.
 * @param actual - The current state, with `env` from the file that the run wrote.
 */
export function planRollback(run: Run, actual: Actual): RollbackPlan {
  const steps: Undo[] = []
  const left: string[] = []
  for (const done of [...run.done].reverse()) {
    const undo = undoOf(done, actual)
    // A step that was interrupted and repeated is in the journal twice.
    steps.push(...undo.steps.filter((step) => !steps.some((each) => isDeepStrictEqual(each, step))))
    left.push(...undo.left)
  }
  return { steps, left }
}

const nothing = (...left: string[]): RollbackPlan => ({ steps: [], left })
const step = (...steps: Undo[]): RollbackPlan => ({ steps, left: [] })

function undoOf(done: RecordedStep, actual: Actual): RollbackPlan {
  switch (done.kind) {
    case 'bind_action': {
      const isBound = actual.bindings.some(({ name }) => name === done.name)
      return isBound ? step({ kind: 'unbind_action', name: done.name }) : nothing()
    }
    case 'create_action': {
      const action = actual.actions.find(({ name }) => name === done.name)
      return action ? step({ kind: 'delete_action', id: action.id, name: action.name }) : nothing()
    }
    case 'update_action':
      return undoAction(done, actual)
    case 'write_env':
      return undoEnv(done, actual)
    case 'enable_connection': {
      const connection = actual.connections.find(({ id }) => id === done.id)
      const clients = done.clients.filter((client) => connection?.clients.includes(client))
      if (clients.length === 0) return nothing()
      return step({ kind: 'disable_connection', id: done.id, name: done.name, clients })
    }
    case 'create_grant': {
      const grant = actual.grants.find(
        ({ client_id: client, audience }) => client === done.client && audience === done.audience,
      )
      return grant ? step({ kind: 'delete_grant', id: grant.id }) : nothing()
    }
    case 'update_grant': {
      const grant = actual.grants.find(({ id }) => id === done.id)
      if (!grant) return nothing()
      if (!isDeepStrictEqual(grant.scope, done.after))
        return nothing('The scopes of the grant have changed since, and stay as they are.')
      return step({ kind: 'restore_grant', id: done.id, scope: done.before })
    }
    case 'create_event_stream': {
      const streams = actual.eventStreams.filter(({ url }) => url === done.url)
      return step(...streams.map(({ id, url }): Undo => ({ kind: 'delete_event_stream', id, url })))
    }
    case 'create_api': {
      const api = actual.apis.find(({ identifier }) => identifier === done.identifier)
      return api ? step({ kind: 'delete_api', id: api.id, identifier: api.identifier }) : nothing()
    }
    case 'update_api': {
      const api = actual.apis.find(({ id }) => id === done.id)
      if (!api) return nothing()
      const { fields, left } = undoFields(done, api, 'the API')
      const steps: Undo[] =
        Object.keys(fields).length === 0 ? [] : [{ kind: 'restore_api', id: done.id, name: api.name, fields }]
      return { steps, left }
    }
    case 'create_client': {
      // There are several if a response was lost and the API call was repeated.
      const clients = actual.clients.filter((client) => purposeOf(client) === done.part)
      return step(...clients.map(({ client_id: id, name }): Undo => ({ kind: 'delete_client', id, name })))
    }
    case 'update_client':
      return undoClient(done, actual)
  }
}

function undoAction(done: Extract<RecordedStep, { kind: 'update_action' }>, actual: Actual): RollbackPlan {
  const action = actual.actions.find(({ id }) => id === done.id)
  if (!action) return nothing()
  if (done.after === undefined || done.before === undefined || action.deployedVersion === done.before)
    return nothing(`The Action "${done.name}" has no earlier deployment, and stays as it is.`)
  if (action.deployedVersion !== done.after)
    return nothing(`The Action "${done.name}" was deployed again since, and stays as it is.`)
  return step({ kind: 'redeploy_action', id: done.id, name: done.name, version: done.before })
}

function undoEnv(done: Extract<RecordedStep, { kind: 'write_env' }>, { env }: Actual): RollbackPlan {
  const written = Object.entries(done.fingerprints).filter(([name]) => env[name] !== undefined)
  const isAsWritten = ([name, known]: [string, string]) => fingerprint(env[name] ?? '') === known
  const names = written.filter(isAsWritten).map(([name]) => name)
  const left = written
    .filter((entry) => !isAsWritten(entry))
    .map(([name]) => `${name} in ${done.file} has changed since, and stays as it is.`)
  return { steps: names.length === 0 ? [] : [{ kind: 'clear_env', file: done.file, names }], left }
}

function undoClient(done: Extract<RecordedStep, { kind: 'update_client' }>, actual: Actual): RollbackPlan {
  const client = actual.clients.find(({ client_id: id }) => id === done.id)
  if (!client) return nothing()
  const { fields, left } = undoFields(done, client, 'the application')
  const { id } = done
  const steps: Undo[] =
    Object.keys(fields).length === 0 ? [] : [{ kind: 'restore_client', id, name: client.name, fields }]
  return { steps, left }
}

/** The fields to write back, and a sentence about each field that someone has changed since. */
function undoFields(
  { before: earlier, after: later }: { before: FieldValues; after: FieldValues },
  present: FieldValues & { name: string },
  what: string,
): { fields: FieldValues; left: string[] } {
  const fields: FieldValues = {}
  const left: string[] = []
  for (const [name, after] of Object.entries(later)) {
    const before = earlier[name]
    if (isDeepStrictEqual(present[name], after) && before !== undefined) fields[name] = undone(before, after)
    else left.push(`${name} of ${what} "${present.name}" has changed since, and stays as it is.`)
  }
  return { fields, left }
}

/** The value to write back. Auth0 merges metadata, so a key that was added is removed by writing null. */
function undone(before: unknown, after: unknown): unknown {
  if (typeof before !== 'object' || before === null || Array.isArray(before)) return before
  const added = Object.keys(after ?? {}).filter((key) => !(key in before))
  return { ...before, ...Object.fromEntries(added.map((key) => [key, null])) }
}
