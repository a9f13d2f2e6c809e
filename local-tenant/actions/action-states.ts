/**
 * How a draft is built and a version deployed: not in the call that asks for it, but a moment later.
 * @module
 */
import { actionDate } from './action-date'
import type { ActionState, StoredAction, StoredActionSource, StoredActionVersion } from './stored-action'

/**
 * Has the draft of an Action built.
 *
 * @param action - Changed in place.
 * @param states - What further reads find the draft to be, one after the other; the last one stays.
 */
export function build(action: StoredAction, states: ActionState[]): void {
  action.status = 'pending'
  action.states = [...states]
}

/**
 * Begins to deploy a source as a new version of an Action. Logins go on with the version before until it is built.
 *
 * @param action - Changed in place.
 * @param source - Its draft, or an earlier version.
 * @param input - `id` of the new version; `now` as an ISO date; `states` that further reads find the version in; and whether
 *   the draft is that version then.
 */
export function beginDeployment(
  action: StoredAction,
  { code, runtime, dependencies, supported_triggers, secrets }: StoredActionSource,
  input: { id: string; now: string; states: ActionState[]; isOfDraft: boolean },
): StoredActionVersion {
  const source = structuredClone({ code, runtime, dependencies, supported_triggers, secrets })
  const version: StoredActionVersion = {
    ...source,
    id: input.id,
    number: action.versions.length + 1,
    // The source is built already. What goes on is the deployment.
    status: 'built',
    created_at: input.now,
  }
  action.versions.push(version)
  action.deployment = { version, states: [...input.states], is_of_draft: input.isOfDraft }
  return version
}

/** How long after it began a deployment goes on without anybody reading the Action, in milliseconds. */
const BY_ITSELF = 1_000

/**
 * Lets a deployment go on that began a second ago, although the Action was not read since.
 *
 * @param action - Changed in place.
 * @param now - Milliseconds since the epoch.
 */
export function goOnByItself(action: StoredAction, now: number): void {
  const began = action.deployment?.version.created_at
  if (began !== undefined && now - Date.parse(began) >= BY_ITSELF) goOn(action, actionDate(now))
}

/**
 * Lets some time pass for an Action: a draft that is being built, and a version that is being deployed, take their next state.
 * Whatever reads an Action does this first, and so does a login that runs it.
 *
 * @param action - Changed in place.
 * @param now - ISO date, as {@link actionDate} writes it.
 */
export function goOn(action: StoredAction, now: string): void {
  action.status = action.states?.shift() ?? action.status
  if (action.status === 'built')
    action.dependencies = action.dependencies.map(({ name, version }) => ({ name, version }))
  const { deployment } = action
  const state = deployment?.states.shift()
  if (!deployment || state === undefined) return
  const { version } = deployment
  version.status = state
  if (state === 'built' && deployment.states.length === 0) {
    version.built_at = now
    action.deployed = version
    if (deployment.is_of_draft) action.has_changes = false
  }
  if (deployment.states.length === 0) delete action.deployment
}
