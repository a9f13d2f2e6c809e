/**
 * Steps that make tokens.
 * @module
 */
import { z } from 'zod'
import type { Run } from '../run'
import { jar, texts, type Verb, values, verb } from '../verb'

/** Ways to make a key from a secret of the application. */
const FORMS: Record<string, (secret: string) => string> = {
  env: (secret) => secret,
  base64: (secret) => Buffer.from(secret).toString('base64'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  reversed: (secret) => [...secret].reverse().join(''),
}

/**
 * The key with which the tenant signs a token. A key such as `env:NAME` or `hex:NAME` names the variable with a secret of
 * the application; any other is returned unchanged.
 */
export function keyOf(run: Run, key: unknown): unknown {
  const [, form = '', name = ''] = /^(\w+):(\w+)$/.exec(String(key)) ?? []
  const secret = run.flow.demo.env[name]
  return FORMS[form] && secret !== undefined ? FORMS[form](secret) : key
}

export const TOKEN_VERBS: Record<string, Verb> = {
  /** Makes a session token as our Action does, with claims replaced (null leaves one out), and stores it as `$IT`. */
  mint: verb(
    {
      claims: values.optional(),
      header: values.optional(),
      key: z.unknown().optional(),
      as: z.string().optional(),
    },
    async (run, { claims, header, key = 'shared', as = 'IT' }) => {
      run.values[as] = await run.flow.sessionToken(timed(claims), header, keyOf(run, key))
    },
  ),

  /** Makes any token with the tenant's keys. */
  sign: verb(
    { claims: values, header: values.optional(), key: z.unknown().optional(), as: z.string() },
    async (run, { claims, header, key = 'shared', as }) => {
      run.values[as] = await run.flow.tenant.mint(timed(claims), header, keyOf(run, key))
    },
  ),

  /**
   * Signs in until the Action redirects the browser to the linking service, and stops there. Stores the session token as
   * `$IT`, the state as `$ST` and the address as `$URL`.
   */
  hold: verb(
    { email: z.string(), with: z.string().optional(), jar, query: texts.optional() },
    async (run, { email, with: connection, jar, query }) => {
      const way = { ...(connection && { with: connection }), ...(query && { query }) }
      const held = await run.flow.hold(run.browser(jar), email, way)
      Object.assign(run.values, { IT: held.token, ST: held.state, URL: held.url.href, claims: held.claims })
    },
  ),

  /** Spells the token `$IT` in another way that a lenient decoder reads as the same signature bytes. */
  respell: verb({ how: z.string(), as: z.string().optional() }, async (run, { how, as = 'IT' }) => {
    run.values[as] = respell(String(run.values.IT), how)
  }),
}

/** Replaces values such as `+60` and `-60` by a time: so many seconds from now, in seconds since the epoch. */
export function timed(claims: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      typeof value === 'string' && /^[+-]\d+$/.test(value) ? now + Number(value) : value,
    ]),
  )
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function respell(token: string, how: string): string {
  const cut = token.lastIndexOf('.') + 1
  switch (how) {
    case 'other alphabet':
      return token.slice(0, cut) + token.slice(cut).replace(/-/g, '+').replace(/_/g, '/')
    case 'spare bits':
      return token.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(token.at(-1) ?? '') ^ 1] ?? '')
    default:
      return token + how
  }
}
