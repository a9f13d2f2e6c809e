import type { World } from './world/world'

/**
 * A secret for Actions. It is either the value, or the id or secret of one of the tenant's applications, which is named by
 * its id or name. The tenant creates the secrets of its applications at each start, so a file cannot contain them.
 */
export type ActionSecret = string | { id_of: string } | { secret_of: string }

/** The tenant's origins and what it starts with. Origins have no trailing slash. */
export interface TenantSettings {
  /**
   * The login door, which browsers use: for example `http://localhost:4400`, or https with `--tenant-tls-login`. Its issuer
   * is `${loginOrigin}/`.
   */
  loginOrigin: string
  /** The canonical door, which servers call: for example `https://localhost:4401`. Its issuer is `${canonicalOrigin}/`. */
  canonicalOrigin: string
  /** The third-party application, for example `http://127.0.0.1:4402`. */
  otherOrigin: string
  /** The application under development, for example `http://localhost:3000`, or https with `--app-tls`. */
  appOrigin: string
  /** Added to the secrets that every Action gets. They replace secrets of the same name. */
  secrets: Record<string, ActionSecret>
  /** Absolute paths of the post-login Actions, in order. */
  actions: string[]
  /** The world to start with, instead of the demo world. */
  world?: World
}
