/**
 * Steps of an attacker who controls another host of the same domain.
 * @module
 */
import { z } from 'zod'
import { type Verb, verb } from '../verb'

export const NEIGHBOUR_VERBS: Record<string, Verb> = {
  /**
   * Copies a browser's cookies whose names contain a text to another browser, as another host of the domain can set
   * them. Browsers do not let that host use the prefix `__Host-`, so those cookies lose it.
   */
  'toss cookies': verb(
    { named: z.string(), from: z.string(), to: z.string() },
    async (run, { named, from, to }) => {
      const { app } = run.flow.demo
      const all = await run.browser(from).jar.getCookies(app)
      for (const { key, value } of all.filter((cookie) => cookie.key.includes(named))) {
        const bare = key.replace(/^__Host-/, '')
        for (const name of new Set([bare, `__${bare}`]))
          await run.browser(to).jar.setCookie(`${name}=${value}; Path=/`, app)
      }
    },
  ),
}
