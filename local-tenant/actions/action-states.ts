/**
 * Builds drafts of Actions, and deploys their versions. As at Auth0, both finish after the API request that starts them:
 * here, each later read of the Action advances them by one state.
 * @module
 */
import { actionDate } from './action-date'
import type { ActionState, StoredAction, StoredActionSource, StoredActionVersion } from './stored-action'

/**
 * Starts to build the draft of an Action.
 *
 * @param action - Changed in place.
 * @param states - The states that the draft goes through, one for each later read of the Action. It stays in the last one.
 */
export function startBuild(action: StoredAction, states: ActionState[]): void {
  action.status = 'pending'
  action.states = [...states]
}

/**
 * Starts to deploy a source as a new version of an Action. Logins run the previous version until the new one is deployed.
 *
 * @param action - Changed in place.
 * @param source - The Action's draft, or an earlier version.
 * @param input - `id` of the new version; `now` as an ISO date; `states`, the states that the version goes through, one for
 *   each later read; `isOfDraft`, whether the draft equals the new version once that is deployed.
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
    // The source is already built; only the deployment is still under way.
    status: 'built',
    created_at: input.now,
  }
  action.versions.push(version)
  action.deployment = { version, states: [...input.states], is_of_draft: input.isOfDraft }
  return version
}

/** After this many milliseconds a deployment advances even if no client has read the Action. */
const UNREAD_DEPLOYMENT_MS = 1_000

/**
 * Advances a deployment that began at least a second ago, even if no client has read the Action since. A request to bind the
 * Action to a trigger calls this function.
 *
 * @param action - Changed in place.
 * @param now - Milliseconds since the epoch.
 */
export function advanceIfOverdue(action: StoredAction, now: number): void {
  const began = action.deployment?.version.created_at
  if (began !== undefined && now - Date.parse(began) >= UNREAD_DEPLOYMENT_MS) advance(action, actionDate(now))
}

/**
 * Advances an Action by one state: a draft that is being built and a version that is being deployed each take their next
 * state. Endpoints call this function when they read an Action, and logins when they run one.
 *
 * @param action - Changed in place.
 * @param now - ISO date, as {@link actionDate} writes it.
 */
export function advance(action: StoredAction, now: string): void {
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
