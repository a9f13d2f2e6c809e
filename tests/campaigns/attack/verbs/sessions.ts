/**
 * Steps that open many sessions in the tenant, or wait until sessions have ended.
 * @module
 */
import { z } from 'zod'
import { jar, type Verb, verb } from '../verb'

export const SESSION_VERBS: Record<string, Verb> = {
  /**
   * Opens sessions in the tenant for a user or a linked identity, without a sign-in for each. The first one is the
   * browser's.
   */
  'open sessions': verb(
    { user: z.string(), count: z.number(), refresh_tokens: z.number().optional(), jar },
    async (run, { user, count, refresh_tokens = 0, jar }) => {
      const { tenant, demo } = run.flow
      const [first] = (await tenant.openSessions(user, count, refresh_tokens)).sessions
      if (!first) return
      const { port } = new URL(demo.tenant)
      await run.browser(jar).jar.setCookie(`auth0_session_${port}_compat=${first}; Path=/`, demo.tenant)
    },
  ),

  /** Counts the sessions of a user in the tenant, after waiting at most this many seconds for them to end. */
  'sessions left': verb(
    { user: z.string(), count: z.number(), within: z.number() },
    async (run, { user, count, within }) => {
      const until = Date.now() + within * 1_000
      for (;;) {
        const left = (await run.flow.tenant.sessions()).filter(({ user_id }) => user_id === user).length
        if (left === count) return
        if (Date.now() > until) throw new Error(`${left} sessions of ${user}`)
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    },
  ),

  /** Waits until an account has no note of sessions that still have to end. */
  'until ended': verb({ user: z.string() }, async (run, { user }) => {
    await run.flow.tenant.ended(user)
  }),
}
