/**
 * Steps of an attacker who reads, forges or counts cookies.
 * @module
 */
import { createHash, hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import type { Cookie } from 'tough-cookie'
import { z } from 'zod'
import { appCookies, putAppCookie } from '../../../support/browser/app-cookies'
import type { Run } from '../run'
import { jar, type Verb, values, verb } from '../verb'
import { timed } from './tokens'

export const FLOW_COOKIE_VERBS: Record<string, Verb> = {
  /** Opens another tab of a browser at the same page. */
  tab: verb({ of: z.string().optional(), to: z.string() }, async (run, { of = 'B1', to }) => {
    run.openTab(of, to)
    run.come(to, run.page(of))
  }),

  /** Stores the value of the only cookie with this prefix under the name `as`, and its full name under `name`. */
  'take cookie': verb(
    { prefix: z.string(), as: z.string(), name: z.string().optional(), jar },
    async (run, { prefix, as, name, jar }) => {
      const cookie = await onlyCookie(run, prefix, jar)
      run.values[as] = cookie.value
      if (name !== undefined) run.values[name] = cookie.key
    },
  ),

  /** Opens a sealed cookie with the application's secret, and stores its contents as JSON under the name `as`. */
  'open cookie': verb(
    { prefix: z.string(), purpose: z.string(), as: z.string(), jar },
    async (run, { prefix, purpose, as, jar }) => {
      const { value } = await onlyCookie(run, prefix, jar)
      run.values[as] = JSON.stringify(await unseal(secretOf(run), purpose, value))
    },
  ),

  /**
   * Opens a sealed cookie with the application's secret and seals it again: with fields replaced (`-60` means a minute
   * ago), for another purpose, with another secret, or with an expiry other than an hour from now.
   */
  'seal cookie': verb(
    {
      prefix: z.string(),
      purpose: z.string(),
      set: values.optional(),
      as: z.string().optional(),
      secret: z.string().optional(),
      ends: z.number().optional(),
      jar,
    },
    async (run, { prefix, purpose, set, as = purpose, secret = secretOf(run), ends = 3600, jar }) => {
      const cookie = await onlyCookie(run, prefix, jar)
      const content = { ...(await unseal(secretOf(run), purpose, cookie.value)), ...timed(set) }
      const value = await seal(secret, as, content, Math.floor(Date.now() / 1000) + ends)
      await putAppCookie(run.browser(jar), run.flow.demo.app, cookie.key, value)
    },
  ),

  /** Checks how many cookies with a prefix several browsers have together. */
  'look at flows': verb(
    { prefix: z.string(), jars: z.array(z.string()), count: z.number() },
    async (run, { prefix, jars, count }) => {
      const all = await Promise.all(jars.map((each) => cookiesOf(run, prefix, each)))
      if (all.flat().length !== count) throw new Error(`there are ${all.flat().length}, not ${count}`)
    },
  ),

  /** Checks the application's cookies with a prefix: there are at most `most`, with at most `characters` in all. */
  'count cookies': verb(
    { prefix: z.string().optional(), most: z.number().optional(), characters: z.number().optional(), jar },
    async (run, { prefix = '', most, characters, jar }) => {
      const found = await cookiesOf(run, prefix, jar)
      if (most !== undefined && found.length > most) throw new Error(`there are ${found.length}`)
      const size = found.map((cookie) => cookie.cookieString()).join('; ').length
      if (characters !== undefined && size > characters) throw new Error(`they are ${size} characters`)
    },
  ),
}

const cookiesOf = (run: Run, prefix: string, jar: string | undefined): Promise<Cookie[]> =>
  appCookies(run.browser(jar), run.flow.demo.app, prefix)

async function onlyCookie(run: Run, prefix: string, jar: string | undefined): Promise<Cookie> {
  const [cookie, ...others] = await cookiesOf(run, prefix, jar)
  if (!cookie || others.length > 0) throw new Error(`${others.length + (cookie ? 1 : 0)} cookies ${prefix}`)
  return cookie
}

/** The secret with which the application seals. */
export const secretOf = (run: Run) => run.flow.demo.env.FLOW_SECRET ?? ''

/** The key of a purpose. This is a second implementation, so that a fault in the application's is not repeated here. */
function keyOf(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `account-linking ${purpose}`, 32))
}

/** Seals as the application does. */
export function seal(secret: string, purpose: string, content: object, deadline: number): Promise<string> {
  const key = keyOf(secret, purpose)
  const kid = createHash('sha256').update(key).digest('base64url').slice(0, 8)
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify([deadline, content])))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
    .encrypt(key)
}

async function unseal(secret: string, purpose: string, sealed: string): Promise<object> {
  const { plaintext } = await compactDecrypt(sealed, keyOf(secret, purpose))
  return JSON.parse(new TextDecoder().decode(plaintext))[1]
}
