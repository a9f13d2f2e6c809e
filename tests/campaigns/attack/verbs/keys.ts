/**
 * Steps about the tenant's keys.
 * @module
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { z } from 'zod'
import { type Verb, verb } from '../verb'

export const KEY_VERBS: Record<string, Verb> = {
  /** Makes the tenant sign with a new key from now on. `keep`: whether the tenant still publishes the old key. */
  'rotate keys': verb({ keep: z.boolean() }, async (run, { keep }) => {
    await fetch(`${run.flow.demo.tenant}/_tenant/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keep }),
    })
  }),

  /** Stores the last key in the tenant's JWK set as PEM under the name `as`. */
  'take public key': verb({ as: z.string() }, async (run, { as }) => {
    const answer = await fetch(`${run.flow.demo.tenant}/.well-known/jwks.json`)
    const { keys } = (await answer.json()) as { keys: JsonWebKey[] }
    const key = createPublicKey({ key: keys.at(-1) ?? {}, format: 'jwk' })
    run.values[as] = key.export({ type: 'spki', format: 'pem' })
  }),
}
