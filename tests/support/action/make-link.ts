import { link } from '@/action/link'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { type CandidateHint, type Ending, parseUser } from '@/core'
import { type anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD, SECRETS } from './platform'

/** The arguments of the Action's `link` that a test specifies. The others have default values. */
export interface MadeLink {
  /** The user id of the account that logs in. */
  current?: string
  /** The email address of that account. */
  email?: string | undefined
  /** User ids of the primary and of the secondary account. */
  pair?: string[]
  /** Secrets in addition to the required ones. */
  secrets?: object
  /** What the prompt said about the candidate. */
  hint?: Partial<CandidateHint>
  ending?: Ending
  /** How the person signed in, as Auth0 names it: `pwd`, `mfa`. */
  methods?: string[]
  /** When the candidate was proven, in seconds since the epoch. */
  provenAt?: number
  /** Milliseconds until the deadline. */
  milliseconds?: number
}

/** Runs the Action's `link`. By default, the Google account logs in, and is linked to the password account. */
export function makeLink(platform: ReturnType<typeof anActionPlatform>, given: MadeLink = {}) {
  const login = { current: GOOGLE, email: 'ann@example.com', pair: [PASSWORD, GOOGLE], secrets: {}, ...given }
  const { current, email, pair, secrets, hint, ending, methods = [], provenAt, milliseconds = 60_000 } = login
  const settings = readSettings({ ...SECRETS, ...secrets })
  if (!settings) throw new Error('no settings')
  const management = createManagement(settings, platform.api.cache, NOW * 1_000 + milliseconds)
  const offered = { user_id: PASSWORD, provider: 'auth0', connection: 'db', ...hint }
  const proof = provenAt === undefined ? undefined : { authTime: provenAt }
  const request = { pair, offeredAt: NOW, offered, proof, ending }
  const event = {
    client: { client_id: 'demo-app', name: 'Demo App' },
    authentication: { methods: methods.map((name) => ({ name })) },
  }
  return link(management, settings, { ...parseUser(aTenantUser(current)), email }, request, event)
}
