/**
 * Steps that call the tenant's ports as a page of another site could do through the developer's browser.
 * @module
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { z } from 'zod'
import { texts, type Verb, verb } from '../verb'

export const TENANT_DOOR_VERBS: Record<string, Verb> = {
  /**
   * Calls the port of the tenant's login domain or of its canonical domain with these headers, which may include another
   * `host`. The answer must have the `status`.
   */
  'call tenant': verb(
    {
      door: z.enum(['login', 'canonical']),
      method: z.string(),
      path: z.string(),
      headers: texts,
      body: z.string().optional(),
      status: z.number(),
    },
    async (run, { door, method, path, headers, body, status }) => {
      const { tenant, tls, ca } = run.flow.demo
      const url = new URL(`${door === 'login' ? tenant : tls}${path}`)
      const options = { method, headers }
      const request =
        url.protocol === 'http:'
          ? requestHttp(url, options)
          : requestHttps(url, { ...options, ca: readFileSync(ca), servername: 'localhost' })
      request.end(body)
      const [answer] = (await once(request, 'response')) as [IncomingMessage]
      answer.resume()
      if (answer.statusCode !== status)
        throw new Error(`the answer to ${method} ${path} has status ${answer.statusCode}, not ${status}`)
    },
  ),
}
