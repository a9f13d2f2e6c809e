/**
 * Steps of an attacker who can sign response tokens.
 * @module
 */
import type { JWTPayload } from 'jose'
import { z } from 'zod'
import type { Run } from '../run'
import { type Verb, values, verb } from '../verb'

export const ANSWER_VERBS: Record<string, Verb> = {
  /**
   * Signs the response token that would link the first candidate of the login at which the step `hold` stopped, and stores
   * it as `$RT`. `claims` replaces claims; null leaves one out.
   */
  'sign answer': verb(
    { claims: values.optional(), header: values.optional(), key: z.string().optional() },
    async (run, { claims, header, key }) => {
      const all = { ...goodAnswer(run), ...claims }
      const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
      run.values.RT = await run.flow.tenant.mint(given, header, key)
    },
  ),
}

interface Named {
  user_id: string
  provider: string
  connection: string
}
const named = ({ user_id, provider, connection }: Named) => ({ user_id, provider, connection })

function goodAnswer(run: Run): Record<string, unknown> {
  const held = run.values.claims as JWTPayload & {
    current_identity: Named
    candidate_identities: (Named & { stays: string })[]
  }
  const [candidate] = held.candidate_identities
  if (!candidate) throw new Error('the held login has no candidate')
  const pair = [named(candidate), named(held.current_identity)]
  if (candidate.stays === 'current') pair.reverse()
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: run.flow.demo.app,
    sub: held.sub,
    iat: now,
    exp: now + 60,
    state: run.values.ST,
    jti: crypto.randomUUID(),
    txn: held.txn,
    purpose: 'account-link.result',
    result: 'link',
    primary_identity: pair[0],
    secondary_identity: pair[1],
  }
}
