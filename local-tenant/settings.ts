import type { World } from './world/world'

/**
 * A secret for Actions: either its value, or a reference to the id (`id_of`) or the secret (`secret_of`) of one of the
 * tenant's applications, by the application's id or name. The tenant creates the secrets of its applications at each start,
 * so a file cannot contain them.
 */
export type ActionSecret = string | { id_of: string } | { secret_of: string }

/** The tenant's origins and what it starts with. Origins have no trailing slash. */
export interface TenantSettings {
  /**
   * The origin of the login domain, which browsers use: for example `http://localhost:4400`, or https with
   * `--tenant-tls-login`. The issuer is `${loginOrigin}/`.
   */
  loginOrigin: string
  /**
   * The origin of the canonical domain, which servers use: for example `https://localhost:4401`. The issuer is
   * `${canonicalOrigin}/`.
   */
  canonicalOrigin: string
  /** The origin of the third-party application, for example `http://127.0.0.1:4402`. */
  otherOrigin: string
  /** The origin of the example application (`examples/next`), if it is to be one of the tenant's applications. */
  exampleOrigin?: string | undefined
  /** The origin of the linking service, for example `http://localhost:3000`, or https with `--app-tls`. */
  appOrigin: string
  /**
   * Secrets that every Action in `actions` gets in addition to the built-in ones. They replace built-in secrets of the same
   * name.
   */
  secrets: Record<string, ActionSecret>
  /** Absolute paths of the post-login Actions, in order. */
  actions: string[]
  /** The bearer token of the event stream to the linking service; without it there is no such stream. */
  eventStreamToken?: string | undefined
  /** The users, connections and options to start with, instead of those of the demo world. */
  world?: World
}
