/**
 * Steps about the link back to an application.
 * @module
 */
import { z } from 'zod'
import type { Visit } from '../../../support/browser/browser'
import { PAGE } from '../../../support/flow/settings'
import corpus from '../lists/ways-back.json'
import type { Run } from '../run'
import { jar, type Verb, values, verb } from '../verb'

export const WAY_BACK_VERBS: Record<string, Verb> = {
  /** Registers the application of `ways-back.json`, with `fields` replaced. Stores its client id under the name `as`. */
  'register application': verb(
    { as: z.string(), fields: values.optional() },
    async (run, { as, fields = {} }) => {
      const { tenant, demo } = run.flow
      const response = await fetch(`${demo.tenant}/api/v2/clients`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await tenant.managementToken('create:clients')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...corpus.client, ...fields }),
      })
      if (!response.ok) throw new Error(`the tenant answered ${response.status}: ${await response.text()}`)
      run.values[as] = ((await response.json()) as { client_id: string }).client_id
    },
  ),

  /** Opens the page with each address as `return_to`. It must have no link back, and nothing else that leads there. */
  'no way back': verb(
    { client: z.string(), payloads: z.array(z.string()), jar },
    async (run, { client, payloads, jar }) => {
      for (const payload of payloads) {
        const query = new URLSearchParams({ client_id: client, return_to: payload })
        const page = await run.browser(jar).visit(`${run.flow.demo.app}${PAGE}?${query}`)
        run.come(jar, page)
        checkNone(run, page, payload)
      }
    },
  ),

  /** Checks where the last page's link to an application leads; null means that there is none. */
  'leads back': verb({ to: z.string().nullable() }, async (run, { to }) => {
    if (to === null) return checkNone(run, run.last, run.last.url.search)
    const found = backOf(run.last)
    if (found.length !== 1 || found[0] !== to) throw new Error(`the links back lead to ${found.join()}`)
  }),

  /** Checks that no answer of the service redirected to a place other than the service, the tenant and the other application. */
  'never left': verb({}, async (run) => {
    const { app, tenant, other } = run.flow.demo
    for (const { url, headers } of run.hops().filter((hop) => hop.url.origin === app)) {
      const location = headers.get('location')
      const { origin } = new URL(location ?? app, url)
      if (![app, tenant, other].includes(origin)) throw new Error(`${url.pathname} led to ${origin}`)
    }
  }),
}

/** Addresses of the page's links to applications. */
const backOf = ({ html }: Visit): string[] =>
  html
    .querySelectorAll('a')
    .filter(({ text }) => /^Back to (?!your |sign-in methods)/.test(text.trim()))
    .map((link) => link.getAttribute('href') ?? '')

function checkNone(run: Run, page: Visit, what: string): void {
  const { app } = run.flow.demo
  const shown = JSON.stringify(what.slice(0, 80))
  if (page.status !== 200 || page.url.origin !== app)
    throw new Error(`${shown}: ${page.status} at ${page.url.origin}`)
  if (backOf(page).length > 0) throw new Error(`${shown}: leads back to ${backOf(page).join()}`)
  for (const { attributes } of page.html.querySelectorAll('[href],[src],[action],[formaction]'))
    if (/evil|shop|javascript:|data:text/i.test(Object.values(attributes).join(' ')))
      throw new Error(`${shown}: the page has ${JSON.stringify(attributes)}`)
}
