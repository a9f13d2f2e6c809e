/**
 * Steps of applications: authorization requests and tokens.
 * @module
 */
import { createHash, randomBytes } from 'node:crypto'
import { parse } from 'node-html-parser'
import { z } from 'zod'
import { proveAccount } from '../../../support/flow/flow'
import { jar, texts, type Verb, verb } from '../verb'

export const CLIENT_VERBS: Record<string, Verb> = {
  /**
   * Sends a browser to `/authorize` for an application, signs in there if needed, and stops at the callback. Stores the
   * authorization code as `$CODE` and the PKCE verifier as `$VERIFIER`.
   */
  authorize: verb(
    {
      client: z.string(),
      redirect: z.string(),
      email: z.string().optional(),
      query: texts.optional(),
      jar,
    },
    async (run, { client, redirect, email, query, jar }) => {
      const verifier = randomBytes(32).toString('base64url')
      const url = new URL('/authorize', run.flow.demo.tenant)
      url.search = new URLSearchParams({
        client_id: client,
        response_type: 'code',
        redirect_uri: redirect,
        scope: 'openid email offline_access',
        state: 'state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...query,
      }).toString()
      const browser = run.browser(jar)
      const options = { stopAt: redirect }
      const page = await browser.visit(url, options)
      const end = email === undefined ? page : await proveAccount(browser, page, email, options)
      run.come(jar, end)
      Object.assign(run.values, { VERIFIER: verifier, CODE: end.url.searchParams.get('code') })
    },
  ),

  /** Follows the redirect at which a browser stopped, with parameters replaced; null leaves one out. */
  'go on': verb(
    { query: z.record(z.string(), z.string().nullable()).optional(), jar, stopAt: z.string().optional() },
    async (run, { query = {}, jar, stopAt }) => {
      const { url } = run.page(jar)
      for (const [name, value] of Object.entries(query))
        if (value === null) url.searchParams.delete(name)
        else url.searchParams.set(name, value)
      run.come(jar, await run.browser(jar).visit(url, stopAt === undefined ? {} : { stopAt }))
    },
  ),

  /**
   * Requests tokens as an application, and stores them as `$ACCESS` and `$REFRESH`. `secret` names a variable of the
   * environment. A refusal does not fail the step.
   */
  token: verb(
    { client: z.string(), secret: z.string().optional(), grant: texts },
    async (run, { client, secret, grant }) => {
      const { tenant, env } = run.flow.demo
      const client_secret = secret && env[secret]
      const url = new URL('/oauth/token', tenant)
      const response = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ client_id: client, ...(client_secret && { client_secret }), ...grant }),
      })
      const { status, headers } = response
      const text = await response.text()
      run.come('token', { url, status, headers, html: parse(text) })
      const { access_token, refresh_token } = JSON.parse(text) as Record<string, string | undefined>
      if (access_token) run.values.ACCESS = access_token
      if (refresh_token) run.values.REFRESH = refresh_token
    },
  ),
}
