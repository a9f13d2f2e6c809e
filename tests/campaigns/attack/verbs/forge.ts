/**
 * Steps that forge tokens without a key or with one for another purpose, and steps about processes that must not start.
 * @module
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { z } from 'zod'
import { startApp } from '../../../../scripts/lib/app-process.mjs'
import { freePort } from '../../../../scripts/lib/options.mjs'
import { fill } from '../corpus'
import { texts, type Verb, values, verb } from '../verb'

export const FORGE_VERBS: Record<string, Verb> = {
  /** Builds a compact token: objects become JSON in base64url, texts stay unchanged. */
  compact: verb(
    { parts: z.array(z.union([z.string(), values])), as: z.string().optional() },
    async (run, { parts, as = 'IT' }) => {
      run.values[as] = parts
        .map((part) =>
          typeof part === 'string' ? part : Buffer.from(JSON.stringify(part)).toString('base64url'),
        )
        .join('.')
    },
  ),

  /** Stores a text that repeats a character this many times under the name `as`. */
  long: verb(
    { character: z.string(), times: z.number(), as: z.string() },
    async (run, { character, times, as }) => {
      run.values[as] = character.repeat(times)
    },
  ),

  /** Stores the tenant's public key as a text. A careless library would use it as an HMAC secret. */
  'public key': verb(
    { form: z.enum(['pem', 'der', 'jwk']), before: z.string().optional(), as: z.string() },
    async (run, { form, before = '', as }) => {
      const response = await fetch(`${run.flow.demo.tenant}/.well-known/jwks.json`)
      const [jwk] = ((await response.json()) as { keys: JsonWebKey[] }).keys
      if (!jwk) throw new Error('the tenant has no key')
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      const text = {
        pem: () => String(key.export({ format: 'pem', type: 'spki' })),
        der: () => key.export({ format: 'der', type: 'spki' }).toString('latin1'),
        jwk: () => JSON.stringify(jwk),
      }[form]()
      run.values[as] = before + text
    },
  ),

  /** Signs a payload unchanged: a text in which a name may occur twice. `${NOW}` and `${END}` become times. */
  'sign text': verb(
    { payload: z.string(), as: z.string().optional() },
    async (run, { payload, as = 'IT' }) => {
      const now = Math.floor(Date.now() / 1000)
      const text = fill(payload, { NOW: now, END: now + 120, ISS: new URL(run.flow.demo.tls).host })
      run.values[as] = await run.flow.tenant.mintText(String(text))
    },
  ),

  /**
   * Starts the application with another environment. It must refuse to start, and name the variable but not its value.
   */
  'refuse to start': verb({ env: texts, naming: z.string() }, async (run, { env, naming }) => {
    const given = run.flow.demo.env
    const changed = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, String(fill(value, given))]),
    )
    const all = { ...process.env, ...given, ...changed, NODE_ENV: 'production' } as Record<string, string>
    const port = await freePort(0, false)
    const started = await startApp({ port, env: all, onExit: () => undefined }).catch((error: Error) => error)
    if (!(started instanceof Error)) {
      await started.close()
      throw new Error(`it started with ${naming}`)
    }
    if (!started.message.includes(naming)) throw new Error(`it did not name ${naming}: ${started.message}`)
    for (const value of Object.values(changed))
      if (value.length >= 8 && started.message.includes(value))
        throw new Error(`it printed the value of ${naming}`)
  }),
}
