import { link } from '@/action/link'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { type CandidateHint, type Ending, parseUser } from '@/core'
import { type anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD, SECRETS } from './platform'

/** What a test says of a link; everything else is as it usually is. */
export interface MadeLink {
  /** The user id of the account that logs in. */
  current?: string
  /** Its address. */
  email?: string | undefined
  /** The user ids of the account that stays and of the one that ends. */
  pair?: string[]
  /** Secrets beside those that the Action needs. */
  secrets?: object
  /** What the prompt said of the candidate. */
  hint?: Partial<CandidateHint>
  ending?: Ending
  /** When the candidate was proven, in seconds since the epoch. */
  provenAt?: number
  /** How much time is left. */
  milliseconds?: number
}

/** Links what the person agreed to; by default the Google account, which logs in, into the other one. */
export function makeLink(platform: ReturnType<typeof anActionPlatform>, given: MadeLink = {}) {
  const login = { current: GOOGLE, email: 'ann@example.com', pair: [PASSWORD, GOOGLE], secrets: {}, ...given }
  const { current, email, pair, secrets, hint, ending, provenAt, milliseconds = 60_000 } = login
  const settings = readSettings({ ...SECRETS, ...secrets })
  if (!settings) throw new Error('no settings')
  const management = createManagement(settings, platform.api.cache, NOW * 1_000 + milliseconds)
  const offered = { user_id: PASSWORD, provider: 'auth0', connection: 'db', ...hint }
  const proof = provenAt === undefined ? undefined : { authTime: provenAt }
  const request = { pair, offeredAt: NOW, offered, proof, ending }
  const client = { client_id: 'demo-app', name: 'Demo App' }
  return link(management, settings, { ...parseUser(aTenantUser(current)), email }, request, client)
}
