/**
 * Steps of operators in the console.
 * @module
 */
import { z } from 'zod'
import { createSealer } from '../../../../lib/config/seal'
import { appCookieName, appCookies, putAppCookie } from '../../../support/browser/app-cookies'
import { findInConsole, linkTo, signInToConsole } from '../../../support/flow/console'
import { jar, type Verb, values, verb } from '../verb'

const SESSION = 'console'

export const CONSOLE_VERBS: Record<string, Verb> = {
  /** Signs in to the console; by default as Olga, who may use it. */
  'sign in to console': verb({ email: z.string().optional(), jar }, async (run, { email, jar }) => {
    run.come(jar, await signInToConsole(run.flow, run.browser(jar), email))
  }),

  /** Finds an account in the console; `user` chooses one if there are several. */
  'find in console': verb(
    { what: z.string(), user: z.string().optional(), jar },
    async (run, { what, user, jar }) => {
      const browser = run.browser(jar)
      const found = await findInConsole(browser, run.flow, what)
      const page = user ? await browser.visit(`${run.flow.demo.app}${linkTo(found, user)}`) : found
      run.come(jar, page)
    },
  ),

  /**
   * Seals the console's session again with changed fields, as only someone with the application's secret can. `-700`
   * means 700 seconds ago. `purpose`: seals it for another purpose. `life`: seconds until it expires.
   */
  'reseal console': verb(
    { fields: values, purpose: z.string().optional(), life: z.number().optional(), jar },
    async (run, { fields, purpose = 'console-session', life = 600, jar }) => {
      const { app, env } = run.flow.demo
      const sealer = createSealer({ current: env.FLOW_SECRET ?? '', previous: undefined })
      const [held] = await appCookies(run.browser(jar), app, appCookieName(app, SESSION))
      const session = (await sealer.unseal('console-session', held?.value ?? '')) as object
      const now = Math.floor(Date.now() / 1000)
      const changed = Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' && /^[+-]\d+$/.test(value) ? now + Number(value) : value,
      ])
      const sealed = await sealer.seal(purpose, { ...session, ...Object.fromEntries(changed) }, now + life)
      await putAppCookie(run.browser(jar), app, appCookieName(app, SESSION), sealed)
    },
  ),
}
