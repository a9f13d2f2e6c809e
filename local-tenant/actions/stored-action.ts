/**
 * Actions and their places in the trigger, as the tenant keeps them.
 * @module
 */

/** A secret of an Action. Without a value, Actions do not see it. */
export interface StoredActionSecret {
  name: string
  value?: string
  updated_at: string
}

/** A package that an Action asks for. */
export interface StoredActionDependency {
  name: string
  version: string
  /** Shown until the draft is built. */
  registry_url?: string | undefined
}

/** What of an Action a deployment fixes. */
export interface StoredActionSource {
  code: string
  /** Absolute path of the code, of Actions that the tenant was started with; read at each run, with the tenant's own secrets. */
  file?: string
  runtime: string
  dependencies: StoredActionDependency[]
  supported_triggers: { id: string; version?: string | undefined }[]
  secrets: StoredActionSecret[]
}

/** The states of a draft or of a version, as Auth0 names them. */
export const ACTION_STATES = ['pending', 'building', 'packaged', 'retrying', 'built', 'failed'] as const
/** @see {@link ACTION_STATES} */
export type ActionState = (typeof ACTION_STATES)[number]

/** A version of an Action; its source never changes. */
export interface StoredActionVersion extends StoredActionSource {
  id: string
  number: number
  status: ActionState
  created_at: string
  /** When it was deployed first; absent while that is under way. */
  built_at?: string
}

/** A version that is not yet what logins run. */
export interface Deployment {
  version: StoredActionVersion
  /** What further reads find it to be, one after the other. */
  states: ActionState[]
  /** Whether the draft is that version once it is deployed. */
  is_of_draft: boolean
}

/** An Action: its draft, and what was deployed of it. */
export interface StoredAction extends StoredActionSource {
  id: string
  name: string
  status: ActionState
  /** What further reads find the draft to be, one after the other. */
  states?: ActionState[]
  created_at: string
  updated_at: string
  /** Oldest first. */
  versions: StoredActionVersion[]
  /** The version that logins run. */
  deployed?: StoredActionVersion
  /** What was deployed last, until logins run it. */
  deployment?: Deployment
  /** Whether the draft differs from what was deployed last. */
  has_changes: boolean
}

/** An Action's place in the post-login trigger. */
export interface StoredBinding {
  id: string
  display_name: string
  action_id: string
  created_at: string
}
