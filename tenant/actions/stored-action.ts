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

/** What of an Action a deployment fixes. */
export interface StoredActionSource {
  code: string
  /** Absolute path of the code, of Actions that the tenant was started with; read at each run, with the tenant's own secrets. */
  file?: string
  runtime: string
  dependencies: { name: string; version: string }[]
  supported_triggers: { id: string; version?: string | undefined }[]
  secrets: StoredActionSecret[]
}

/** A deployment of an Action; it never changes. */
export interface StoredActionVersion extends StoredActionSource {
  id: string
  number: number
  created_at: string
}

/** An Action: its draft, and what was deployed of it. */
export interface StoredAction extends StoredActionSource {
  id: string
  name: string
  status: 'pending' | 'built'
  created_at: string
  updated_at: string
  /** Oldest first. */
  versions: StoredActionVersion[]
  /** The version that logins run. */
  deployed?: StoredActionVersion
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
