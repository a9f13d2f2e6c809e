import type { World } from './world/world'

/**
 * A secret of Actions: its value; or the id or the secret of an application of the tenant, named by its id or its name. Secrets
 * of applications are new at each start, so that no file can hold them.
 */
export type ActionSecret = string | { id_of: string } | { secret_of: string }

/** Where a tenant lives and what it starts with. Origins have no trailing slash. */
export interface TenantSettings {
  /** What a browser sees, say `http://localhost:4400`, or https with `--tenant-tls-login`; its issuer is `${loginOrigin}/`. */
  loginOrigin: string
  /** What servers call, say `https://localhost:4401`; its issuer is `${canonicalOrigin}/`. */
  canonicalOrigin: string
  /** The third-party application, say `http://127.0.0.1:4402`. */
  otherOrigin: string
  /** The application under development, say `http://localhost:3000`, or https with `--app-tls`. */
  appOrigin: string
  /** Added to the secrets every Action gets, and stronger than them. */
  secrets: Record<string, ActionSecret>
  /** Absolute paths of the post-login Actions, in order. */
  actions: string[]
  /** Starts with this instead of the demo world. */
  world?: World
}
