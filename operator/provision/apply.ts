/**
 * Makes the changes of a plan one by one. Records each change in the journal before making it.
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { Actual } from '../shared/actual'
import type { ApplicationPurpose, Desired } from '../shared/desired'
import { readEnvFile, type Variables, writeEnvFile } from '../shared/env-file'
import { STREAM_EVENTS } from '../shared/event-stream'
import { fingerprint } from '../shared/fingerprint'
import type { ProvisionJournal } from '../shared/journal'
import type { Tenant } from '../shared/tenant'
import { actionBody } from './action-body'
import { type Change, describeChange } from './change'
import { ownedClients } from './plan'
import { CLIENT_VARIABLES, GENERATED } from './plan-env'

/** The name of the event stream that we create. We recognize it by its URL. */
const STREAM_NAME = 'Account linking'

/** What a run of a command needs. */
export interface ApplyContext {
  tenant: Tenant
  journal: ProvisionJournal
  /** Path of the file with the service's environment. */
  envFile: string
  /** The operator's settings for the service, by variable. */
  settings: Record<string, string>
  /** Reads the desired state from `auth0/`, with these values for its placeholders. */
  desired: (values: Variables) => Desired
  /** Called before every step, with its description. */
  onStep: (words: string) => void
  /** Called with every secret as soon as it is known, so that no output shows it. */
  onSecret: (secret: string) => void
}

/**
 * Makes the changes of a plan in order.
 *
 * @param changes - From `plan`.
 * @param actual - The state that the plan was made from.
 * @param now - The current time.
 * @throws {OperatorError} The errors of `Tenant`. The changes made before the error stay, and the next `apply` continues.
 */
export async function apply(work: ApplyContext, changes: Change[], actual: Actual, now: Date): Promise<void> {
  const clients = new Map<ApplicationPurpose, KnownClient>()
  for (const [purpose, client] of Object.entries(ownedClients(actual.clients)))
    clients.set(purpose as ApplicationPurpose, { id: client.client_id, secret: undefined })
  work.journal.begin(now)
  for (const [index, change] of changes.entries()) {
    work.onStep(`${index + 1}/${changes.length} ${describeChange(change)[0]}`)
    await make(work, change, actual, clients)
  }
  work.journal.finish()
}

interface KnownClient {
  id: string
  secret: string | undefined
}

async function make(
  work: ApplyContext,
  change: Change,
  actual: Actual,
  clients: Map<ApplicationPurpose, KnownClient>,
): Promise<void> {
  const { tenant, journal } = work
  const idOf = (purpose: ApplicationPurpose) => clients.get(purpose)?.id ?? ''
  switch (change.kind) {
    case 'create_client': {
      journal.note({ kind: 'create_client', part: change.purpose, name: change.name })
      const client = await tenant.createClient(change.body)
      clients.set(change.purpose, { id: client.client_id, secret: undefined })
      return
    }
    case 'update_client':
      journal.note(change)
      return tenant.updateClient(change.id, change.after)
    case 'create_grant': {
      const client = idOf(change.purpose)
      journal.note({ kind: 'create_grant', client, audience: change.audience })
      return tenant.createGrant(client, change.audience, change.scope)
    }
    case 'update_grant':
      journal.note(change)
      return tenant.updateGrant(change.id, change.after)
    case 'create_api':
      journal.note({ kind: 'create_api', identifier: change.identifier })
      return tenant.createApi(change.body)
    case 'update_api':
      journal.note(change)
      return tenant.updateApi(change.id, change.after)
    case 'enable_connection': {
      const ids = change.purposes.map(idOf)
      journal.note({ kind: 'enable_connection', id: change.id, name: change.name, clients: ids })
      return tenant.setConnectionClients(change.id, ids, true)
    }
    case 'write_env':
      return writeEnv(work, change.names, clients)
    case 'create_action':
    case 'update_action':
      return makeAction(work, change, actual)
    case 'create_event_stream': {
      journal.note(change)
      const token = work.desired(readEnvFile(work.envFile)).eventStream?.token ?? ''
      return tenant.createEventStream(STREAM_NAME, change.url, STREAM_EVENTS, token)
    }
    case 'bind_action': {
      journal.note({ kind: 'bind_action', name: change.name })
      return tenant.bind(change.name, work.desired({}).displayName)
    }
  }
}

async function writeEnv(
  { tenant, journal, envFile, settings, onSecret }: ApplyContext,
  names: string[],
  clients: Map<ApplicationPurpose, KnownClient>,
): Promise<void> {
  const values: Variables = {}
  for (const name of names) {
    const said = settings[name]
    if (said !== undefined) values[name] = said
    if (GENERATED.includes(name)) values[name] = randomBytes(32).toString('base64url')
  }
  for (const [purpose, variable] of Object.entries(CLIENT_VARIABLES)) {
    const id = clients.get(purpose as ApplicationPurpose)?.id ?? ''
    if (names.includes(variable.id)) values[variable.id] = id
    if (names.includes(variable.secret)) values[variable.secret] = await tenant.clientSecret(id)
  }
  for (const [name, value] of Object.entries(values)) if (name.endsWith('_SECRET')) onSecret(value)
  const before = readEnvFile(envFile)
  // Record only new variables. If we only respelled a list, it is still the operator's, and a rollback must not remove it.
  const added = Object.entries(values).filter(([name]) => before[name] === undefined)
  const fingerprints = Object.fromEntries(added.map(([name, value]) => [name, fingerprint(value)]))
  journal.note({ kind: 'write_env', file: envFile, fingerprints })
  writeEnvFile(envFile, values)
}

async function makeAction(
  { tenant, journal, envFile, desired }: ApplyContext,
  change: Extract<Change, { kind: 'create_action' | 'update_action' }>,
  actual: Actual,
): Promise<void> {
  const env = readEnvFile(envFile)
  const action = { ...desired(env).action }
  // During a rotation of the shared secret, `apply` does not change the Action's secret: `rotate` does.
  if (env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS !== undefined)
    action.secrets = action.secrets.filter(({ name }) => name !== 'SESSION_TOKEN_SHARED_SECRET')
  const present = actual.actions.find(({ name }) => name === action.name)
  const isNew = change.kind === 'create_action'
  const body = actionBody(action, present, isNew || change.fields.includes('secrets'))
  const noted = isNew
    ? { kind: change.kind, name: change.name }
    : { kind: change.kind, id: change.id, name: change.name, before: change.before }
  journal.note(noted)
  let id = present?.id ?? ''
  if (isNew) id = await tenant.createAction(action.name, body)
  // Also if only the deployment is missing: the draft's build may have failed, and an update starts another one.
  else await tenant.updateAction(id, body)
  if (body.secrets) journal.noteSecrets(fingerprintsOf(action.secrets))
  const version = await tenant.deployAction(id)
  if (noted.kind === 'update_action') journal.renote({ ...noted, after: version })
  await tenant.awaitDeployment(id, version)
}

/** Fingerprints of secrets, by name. */
export function fingerprintsOf(secrets: { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(secrets.map(({ name, value }) => [name, fingerprint(value)]))
}
