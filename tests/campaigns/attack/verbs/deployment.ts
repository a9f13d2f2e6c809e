/**
 * Steps that check the deployment, and sessions as a deployment stores them.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import { z } from 'zod'
import { ROOT } from '../../../../scripts/lib/paths.mjs'
import { appCookieName, putAppCookie } from '../../../support/browser/app-cookies'
import { isIgnored } from '../../../support/operator/ignored-files'
import { jar, texts, type Verb, verb } from '../verb'

/** A version as numbers, for comparison. */
const numbersOf = (version: string) => version.split('.').map(Number)

function isBelow(version: string, floor: string): boolean {
  const [found, least] = [numbersOf(version), numbersOf(floor)]
  const at = found.findIndex((part, index) => part !== least[index])
  return at >= 0 && Number(found[at]) < Number(least[at])
}

export const DEPLOYMENT_VERBS: Record<string, Verb> = {
  /** Checks that every copy of a package in the lockfile has at least this version. */
  'locked versions': verb({ least: texts }, async (_run, { least }) => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
    for (const [path, { version = '' }] of Object.entries<{ version?: string }>(lock.packages))
      for (const [name, floor] of Object.entries(least))
        if (path.endsWith(`node_modules/${name}`) && isBelow(version, floor))
          throw new Error(`${path} is ${version}, below ${floor}`)
  }),

  /** Checks that git ignores each of these files, and does not ignore the others. */
  'ignored files': verb(
    { files: z.array(z.string()), except: z.array(z.string()) },
    async (_run, { files, except }) => {
      const wrong = [...files.filter((file) => !isIgnored(file)), ...except.filter(isIgnored)]
      if (wrong.length > 0) throw new Error(wrong.join())
    },
  ),

  /**
   * Gives a browser a session of the settings page that began this many seconds ago, sealed with the application's own
   * key.
   */
  'old session': verb({ user: z.string(), age: z.number(), jar }, async (run, { user, age, jar }) => {
    const { app, env } = run.flow.demo
    if (env.AUTH0_SECRET === undefined) throw new Error('the key of the session cookie is unknown here')
    const value = await sealedAgo(age, user, env.AUTH0_SECRET)
    await putAppCookie(run.browser(jar), app, appCookieName(app, 'session'), value)
  }),
}

/** A session cookie as the library would have made it this many seconds ago. */
async function sealedAgo(age: number, sub: string, secret: string): Promise<string> {
  const { now } = Date
  const began = now() - age * 1000
  Date.now = () => began
  try {
    const createdAt = Math.floor(began / 1000)
    const tokenSet = { accessToken: 'x', expiresAt: createdAt + 60 }
    return generateSessionCookie({ user: { sub }, tokenSet, internal: { sid: 'x', createdAt } }, { secret })
  } finally {
    Date.now = now
  }
}
