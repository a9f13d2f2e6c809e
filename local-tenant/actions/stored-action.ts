/**
 * Actions and their bindings to the trigger, as the tenant stores them.
 * @module
 */

/** A secret of an Action. The Action does not see a secret that has no value. */
export interface StoredActionSecret {
  name: string
  value?: string
  updated_at: string
}

/** A package that an Action depends on. */
export interface StoredActionDependency {
  name: string
  version: string
  /** Present until the draft is built. */
  registry_url?: string | undefined
}

/** The part of an Action that a deployment copies into a version. */
export interface StoredActionSource {
  code: string
  /**
   * Absolute path of the code, if the tenant was started with this Action. The file is read at each run, and the Action gets
   * the tenant's own secrets.
   */
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
  /** When the deployment of this version was complete; absent until then. */
  built_at?: string
}

/** A version that is being deployed; logins do not run it yet. */
export interface Deployment {
  version: StoredActionVersion
  /** The states that the version goes through, one for each later read of the Action. */
  states: ActionState[]
  /** Whether the draft equals the version once the version is deployed. */
  is_of_draft: boolean
}

/** An Action: its draft and its versions. */
export interface StoredAction extends StoredActionSource {
  id: string
  name: string
  status: ActionState
  /** The states that the draft goes through, one for each later read of the Action. */
  states?: ActionState[]
  created_at: string
  updated_at: string
  /** Oldest first. */
  versions: StoredActionVersion[]
  /** The version that logins run. */
  deployed?: StoredActionVersion
  /** The latest deployment; absent once it has ended. */
  deployment?: Deployment
  /** Whether the draft differs from the version that was deployed last. */
  has_changes: boolean
}

/** A binding of an Action to the post-login trigger. */
export interface StoredBinding {
  id: string
  display_name: string
  action_id: string
  created_at: string
}
