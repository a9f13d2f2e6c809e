/**
 * Steps of people: they sign in, prove an account, use the page "Sign-in methods", and return to the tenant.
 * @module
 */
import { decodeJwt } from 'jose'
import { z } from 'zod'
import { fieldsOf, formOf } from '../../../support/browser/flow-browser'
import { proveAccount } from '../../../support/flow/flow'
import { PAGE, Settings } from '../../../support/flow/settings'
import { jar, texts, type Verb, values, verb } from '../verb'

export const LOGIN_VERBS: Record<string, Verb> = {
  /** Signs in at the other application, up to the prompt or the end of the login. */
  'sign in': verb(
    { email: z.string(), with: z.string().optional(), jar, query: texts.optional() },
    async (run, { email, with: connection, jar, query }) => {
      const way = { ...(connection && { with: connection }), ...(query && { query }) }
      run.come(jar, await run.flow.signIn(run.browser(jar), email, way))
    },
  ),

  /** Signs in on the tenant's current page. */
  prove: verb(
    { email: z.string(), jar, stopAt: z.string().optional() },
    async (run, { email, jar, stopAt }) => {
      const options = stopAt === undefined ? {} : { stopAt }
      run.come(jar, await proveAccount(run.browser(jar), run.page(jar), email, options))
    },
  ),

  /** Creates an account at the provider on the current page. */
  'sign up': verb({ email: z.string(), jar }, async (run, { email, jar }) => {
    const fields = { 'Email address': email, Name: 'New' }
    run.come(jar, await run.browser(jar).press(run.page(jar), 'Continue', fields))
  }),

  /** Opens "Sign-in methods" after signing in by password or at a provider. */
  settings: verb(
    { email: z.string(), with: z.string().optional(), jar },
    async (run, { email, with: name, jar }) => {
      run.come(jar, await new Settings(run.flow, run.browser(jar)).open(email, name))
    },
  ),

  /** Opens "Sign-in methods" again. */
  'view settings': verb({ jar, query: z.string().optional() }, async (run, { jar, query = '' }) => {
    run.come(jar, await run.browser(jar).visit(`${run.flow.demo.app}${PAGE}${query}`))
  }),

  /** Follows a link of the page by its text. */
  follow: verb({ words: z.string(), jar }, async (run, { words, jar }) => {
    run.come(jar, await new Settings(run.flow, run.browser(jar)).follow(run.page(jar), words))
  }),

  /** Stores the response token that a button of the page would send as `$RT`. */
  'take answer': verb({ button: z.string(), jar }, async (run, { button, jar }) => {
    run.values.RT = fieldsOf(formOf(run.page(jar), button)).session_token
  }),

  /** Signs `$RT` again with claims replaced; null leaves one out. */
  'forge answer': verb(
    { claims: values.optional(), header: values.optional(), key: z.unknown().optional() },
    async (run, { claims = {}, header, key = 'shared' }) => {
      const all = { ...decodeJwt(String(run.values.RT)), ...claims }
      const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
      run.values.RT = await run.flow.tenant.mint(given, header, key)
    },
  ),

  /** Sends the response token `$RT`, or with `without` no token, to the tenant's `/continue`. */
  answer: verb(
    {
      method: z.enum(['GET', 'POST']).optional(),
      state: z.string().optional(),
      without: z.boolean().optional(),
      jar,
    },
    async (run, { method = 'POST', state, without = false, jar }) => {
      const url = new URL('/continue', run.flow.demo.tenant)
      url.searchParams.set('state', state ?? String(run.values.ST))
      const token: Record<string, string> = without ? {} : { session_token: String(run.values.RT) }
      if (method === 'GET')
        for (const [name, value] of Object.entries(token)) url.searchParams.set(name, value)
      const options = method === 'POST' ? { method, body: token } : {}
      run.come(jar, await run.browser(jar).visit(url, options))
    },
  ),
}
