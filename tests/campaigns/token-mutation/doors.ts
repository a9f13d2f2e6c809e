/**
 * The functions under test, with their results in the terms of the model.
 * @module
 */
import type { PostLoginApi, PostLoginEvent } from '@/action/auth0'
import { OFFER_KEY } from '@/action/offer'
import { resume } from '@/action/resume'
import { readSettings } from '@/action/settings'
import { parseConfig } from '@/lib/config/config'
import { verifyResponseToken } from '@/lib/link-flow/tokens/verify-response-token'
import { verifySessionToken } from '@/lib/link-flow/tokens/verify-session-token'
import { validateToken } from '@/local-tenant/actions/action-jwt'
import type { Door } from './genuine'
import type { Verdict } from './model'
import { ENVIRONMENT, WORLD } from './world'

const SETTINGS = ofService()

/** Gives a token to each function, in a process with the environment and the clock of {@link WORLD}. */
export const DOORS: Record<Door, (token: string) => Promise<Verdict>> = {
  link: atLink,
  finish: atFinish,
  continue: atContinue,
}

function ofService() {
  const result = parseConfig(ENVIRONMENT)
  if ('problems' in result) throw new Error(result.problems.join('\n'))
  return result.config
}

async function atLink(token: string): Promise<Verdict> {
  const verified = await verifySessionToken(SETTINGS, token)
  if (verified.verdict === 'bad') return { outcome: 'bad' }
  const { sub, key, ahead, replayKey: replay } = verified.genuine
  if (verified.verdict === 'refused') return { outcome: verified.code, facts: { sub, key, ahead, replay } }
  const candidates = verified.claims.candidates.map(({ userId, connection }) => `${userId} ${connection}`)
  return { outcome: 'valid', facts: { sub: verified.claims.sub, key, ahead, replay, candidates } }
}

async function atFinish(token: string): Promise<Verdict> {
  const verified = await verifyResponseToken(SETTINGS, token)
  if (!verified) return { outcome: 'bad' }
  const { claims, key, secondsLeft } = verified
  const { sub, state, tokenId: jti, result } = claims
  return { outcome: 'valid', facts: { sub, state, jti, result, key, secondsLeft } }
}

const settings = readSettings({
  MANAGEMENT_API_DOMAIN: 'tenant.test',
  MANAGEMENT_API_CLIENT_ID: 'linking-m2m',
  MANAGEMENT_API_CLIENT_SECRET: 'none',
  SESSION_TOKEN_SHARED_SECRET: WORLD.secret,
  ACCOUNT_LINKING_SERVICE_URL: `${WORLD.service}/link`,
})
const { current, candidates, txn, state, service } = WORLD
const user = {
  user_id: current.user_id,
  email: 'ann@example.com',
  identities: [{ ...current, user_id: 'ann-g' }],
}

/** The Action, on a platform that checks only what Auth0's documentation promises: neither `sub` nor `iss`. */
async function atContinue(token: string): Promise<Verdict> {
  let outcome = 'nothing'
  const offer = JSON.stringify({ txn, at: WORLD.now, current, candidates })
  const event: PostLoginEvent = {
    user,
    client: { client_id: 'demo-other' },
    connection: { name: current.connection, strategy: current.provider },
    request: {},
    secrets: {},
    transaction: { metadata: { [OFFER_KEY]: offer } },
  }
  const login = {
    canRedirect: true,
    issuer: WORLD.issuers[1] ?? '',
    subject: current.user_id,
    ip: '',
    clockOffset: 0,
    answered: { state, host: new URL(service).host },
    checkSubject: false,
    checkIssuer: false,
    tokenParameter: null,
  }
  const api = {
    access: { deny: () => (outcome = 'denied') },
    cache: { get: () => undefined, set: () => ({ type: 'success' }), delete: () => undefined },
    redirect: {
      validateToken: (options: Parameters<typeof validateToken>[2]) =>
        validateToken(login, { query: {}, body: { session_token: token } }, options),
    },
    transaction: { setMetadata: () => undefined },
    user: {
      setAppMetadata: () => {
        if (outcome === 'nothing') outcome = 'declined'
      },
    },
  } as unknown as PostLoginApi
  const { fetch } = globalThis
  const { log } = console
  // A link begins with a call of the Management API; its result does not matter here.
  globalThis.fetch = async () => {
    outcome = 'link'
    throw { status: 400 }
  }
  console.log = (line: string) => {
    if (line.includes('answer_not_valid')) outcome = 'unverified'
  }
  try {
    if (!settings) throw new Error('a setting is missing')
    await resume(event, api, settings)
  } finally {
    globalThis.fetch = fetch
    console.log = log
  }
  return { outcome }
}
