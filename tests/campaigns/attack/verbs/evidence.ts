/**
 * Steps that examine tokens, users, the Action's log, and everything that was sent.
 * @module
 */
import { decodeJwt } from 'jose'
import { parse } from 'node-html-parser'
import { z } from 'zod'
import type { Run } from '../run'
import { jar, type Verb, values, verb } from '../verb'

export const EVIDENCE_VERBS: Record<string, Verb> = {
  /**
   * Checks the claims of a token: all their names, some of their values, and its shortest and longest life in seconds.
   */
  'look at token': verb(
    {
      token: z.string(),
      names: z.array(z.string()).optional(),
      has: values.optional(),
      life: z.tuple([z.number(), z.number()]).optional(),
    },
    async (_run, { token, names, has = {}, life }) => {
      const claims = decodeJwt(token)
      if (names) fits('names', Object.keys(claims).sort().join(), names.toSorted().join())
      fits('claims', claims, has)
      const seconds = (claims.exp ?? Number.POSITIVE_INFINITY) - (claims.iat ?? 0)
      if (life && (seconds < life[0] || seconds > life[1])) throw new Error(`it lives ${seconds} s`)
    },
  ),

  /** Checks a user in the tenant. A field that is null must be missing. */
  'look at user': verb({ user: z.string(), has: values }, async (run, { user, has }) => {
    fits(user, await run.flow.tenant.user(user), has)
  }),

  /** Checks elements of the page: their number, and the number of different values of an attribute. */
  'look at elements': verb(
    { selector: z.string(), count: z.number(), attribute: z.string(), different: z.number(), jar },
    async (run, { selector, count, attribute, different, jar }) => {
      const found = run.page(jar).html.querySelectorAll(selector)
      fits('elements', found.length, count)
      fits(
        `values of ${attribute}`,
        new Set(found.map((each) => each.getAttribute(attribute))).size,
        different,
      )
    },
  ),

  /** Checks the lines that the Action logged: their events in order. The tenant stores each line in full. */
  'look at log': verb(
    { events: z.array(z.string()), lacks: z.array(z.string()).optional() },
    async (run, { events, lacks = [] }) => {
      const lines = await actionLog(run)
      fits('events', lines.map((line) => JSON.parse(line).account_linking).join(), events.join())
      for (const text of lacks)
        if (lines.join('\n').includes(text)) throw new Error(`the log contains ${text.slice(0, 12)}…`)
    },
  ),

  /**
   * Checks that a text is in no address, in no answer and in no log line of application or Action. With `of: addresses`,
   * checks only the addresses.
   */
  nowhere: verb(
    { text: z.string(), of: z.enum(['all', 'addresses']).optional() },
    async (run, { text, of = 'all' }) => {
      for (const { url, headers, body } of run.hops()) {
        const address = `${url.href} ${headers.get('location') ?? ''}`
        if (address.includes(text) || decodeURIComponent(address).includes(text))
          throw new Error(`an address of ${url.pathname} contains it`)
        if (of === 'all' && body.includes(text)) throw new Error(`the answer of ${url.pathname} contains it`)
      }
      if (of === 'all' && [run.output(), ...(await actionLog(run))].some((each) => each.includes(text)))
        throw new Error('a log contains it')
    },
  ),

  /** Checks that a text has at most this many characters. */
  'at most': verb({ text: z.string(), characters: z.number() }, async (_run, { text, characters }) => {
    if (text.length > characters) throw new Error(`it has ${text.length}`)
  }),
}

/** Every line that the Action logged since the reset. Only the tenant's inspector has them. */
async function actionLog(run: Run): Promise<string[]> {
  const url = new URL('/_tenant/', run.flow.demo.tenant)
  const page = parse(await fetch(url).then((response) => response.text()))
  const rows = page.querySelectorAll('section[aria-labelledby=actions] tbody tr')
  return rows.map((row) => row.querySelectorAll('td').at(-1)?.text ?? '')
}

/**
 * Throws if a value is not as wanted. In objects and lists only the wanted entries are compared; null means missing.
 */
function fits(what: string, found: unknown, wanted: unknown): void {
  if (typeof wanted !== 'object' || wanted === null) {
    if ((found ?? null) !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`)
    return
  }
  for (const [name, value] of Object.entries(wanted))
    fits(`${what}.${name}`, (found as Record<string, unknown> | null | undefined)?.[name], value)
}
