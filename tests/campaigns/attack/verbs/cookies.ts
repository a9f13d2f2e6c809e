/**
 * Steps about the contents of cookies.
 * @module
 */
import { hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import { appCookieName, appCookies, putAppCookie } from '../../../support/browser/app-cookies'
import type { Run } from '../run'
import { jar, type Verb, values, verb } from '../verb'
import { keyOf, timed } from './tokens'

/** Name of the session cookie, without the prefix that TLS adds. */
const SESSION = 'session'

export const COOKIE_VERBS: Record<string, Verb> = {
  /** Copies cookies from one browser to another, by the beginning of their names. The other browser keeps its own. */
  'take cookies': verb(
    { prefix: z.string(), from: z.string(), to: z.string() },
    async (run, { prefix, from, to }) => {
      for (const { key, value } of await cookiesOf(run, from, prefix))
        await put(run, to, key.replace('__Host-', ''), value)
    },
  ),

  /** Builds a session from numbered cookies: the first half from one browser, the second from another. */
  'mix sessions': verb({ from: z.string(), jar }, async (run, { from, jar }) => {
    const [own, others] = await Promise.all([sessionOf(run, jar), sessionOf(run, from)])
    const half = Math.floor(own.length / 2)
    await put(run, jar, SESSION, '')
    await put(run, jar, `${SESSION}__0`, own.slice(0, half))
    await put(run, jar, `${SESSION}__1`, others.slice(half))
  }),

  /** Seals the session again with claims replaced, with the application's key (`env:AUTH0_SECRET`) or another. */
  'reseal session': verb({ claims: values, key: z.string(), jar }, async (run, { claims, key, jar }) => {
    const own = sealingKey(String(run.flow.demo.env.AUTH0_SECRET))
    const { payload } = await jwtDecrypt(await sessionOf(run, jar), own)
    const sealed = await new EncryptJWT({ ...payload, ...timed(claims) })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(sealingKey(String(keyOf(run, key))))
    await put(run, jar, SESSION, sealed)
  }),
}

/** Derived as in the session library. */
const sealingKey = (secret: string) => new Uint8Array(hkdfSync('sha256', secret, '', 'JWE CEK', 32))

const cookiesOf = (run: Run, jar: string | undefined, prefix: string) =>
  appCookies(run.browser(jar), run.flow.demo.app, prefix)

async function sessionOf(run: Run, jar: string | undefined): Promise<string> {
  const [found] = await cookiesOf(run, jar, SESSION)
  if (!found) throw new Error('there is no session')
  return found.value
}

async function put(run: Run, jar: string | undefined, name: string, value: string): Promise<void> {
  const { app } = run.flow.demo
  await putAppCookie(run.browser(jar), app, appCookieName(app, name), value)
}
