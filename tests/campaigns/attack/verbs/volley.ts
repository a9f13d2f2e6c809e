/**
 * Steps that send many requests at once.
 * @module
 */
import { z } from 'zod'
import { LISTS } from '../lists'
import { injected } from '../markup'
import type { Run } from '../run'
import { jar, type Verb, verb } from '../verb'

/** The most requests at the same time. */
const MAX_CONCURRENT = 8
/** The most redirects to follow. */
const MAX_REDIRECTS = 8

const checks = {
  /** Hosts to which any answer may lead. */
  leadsTo: z.array(z.string()).optional(),
  /** Text that no address outside the application may contain. */
  lacks: z.string().optional(),
  /** A word in every payload, which must stay text. */
  marker: z.string().optional(),
}
type Checks = z.infer<z.ZodObject<typeof checks>>

export const VOLLEY_VERBS: Record<string, Verb> = {
  /**
   * Sends each payload of a list to each path, in every one of the parameters, with the browser's current cookies, or
   * by several browsers in turn. Each answer must have a status below 500 other than 429. With `follow`, follows the
   * redirects of a sign-in, within `leadsTo`, until it returns to the application.
   */
  volley: verb(
    {
      list: z.string(),
      paths: z.array(z.string()),
      names: z.array(z.string()),
      headers: z.array(z.string()).optional(),
      follow: z.boolean().optional(),
      jar,
      jars: z.array(z.string()).optional(),
      ...checks,
    },
    async (run, { list, paths, names, headers = [], follow = false, jar, jars = [], ...wanted }) => {
      const payloads = (LISTS[list]?.() ?? []).map(({ payload }) => String(payload))
      if (payloads.length === 0) throw new Error(`there is no list ${list}`)
      const requests = payloads.flatMap((payload) =>
        paths.map((path) => {
          const url = new URL(path, run.flow.demo.app)
          for (const name of names) url.searchParams.append(name, payload)
          return { url, headers: Object.fromEntries(headers.map((name) => [name, latin(payload)])) }
        }),
      )
      await atOnce(requests, (request, index) =>
        shoot(run, jars[index % jars.length] ?? jar, request, follow, wanted),
      )
    },
  ),

  /**
   * Makes the same request many times. The last answer must be 429, or the page for too many attempts, with a time to
   * wait.
   */
  'ask too often': verb(
    {
      times: z.number(),
      url: z.string(),
      method: z.enum(['GET', 'POST']).optional(),
      body: z.record(z.string(), z.string()).optional(),
      jar,
    },
    async (run, { times, url, method = 'GET', body, jar }) => {
      const { app, tenant } = run.flow.demo
      const seen = new Map<number, number>()
      for (let count = 0; count < times; count += 1) {
        const visited = await run.browser(jar).visit(new URL(url, app), {
          method,
          stopAt: tenant,
          ...(body && { body }),
        })
        const code = visited.html.querySelector('main')?.getAttribute('data-error')
        seen.set(visited.status, (seen.get(visited.status) ?? 0) + 1)
        run.come(jar, visited)
        if (visited.status !== 429 && code !== 'rate_limited') continue
        const wait = run
          .browser(jar)
          .hops.slice(-3)
          .find(({ headers }) => headers.has('retry-after'))
        if (!wait) throw new Error('it does not say how long to wait')
        return
      }
      throw new Error(`${times} times were not too many: ${JSON.stringify([...seen])}`)
    },
  ),
}

// `fetch` takes only bytes in header values, so other characters are left out.
const latin = (text: string) => [...text].filter((letter) => letter >= ' ' && letter <= '~').join('')

async function atOnce<Item>(
  items: Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()]
  await Promise.all(
    Array.from({ length: MAX_CONCURRENT }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await work(next[1], next[0])
    }),
  )
}

async function shoot(
  run: Run,
  jar: string | undefined,
  { url: first, headers }: { url: URL; headers: Record<string, string> },
  follow: boolean,
  wanted: Checks,
): Promise<void> {
  const browser = jar === undefined ? undefined : await run.browser(jar).copy()
  let url = first
  for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
    const cookie = await browser?.jar.getCookieString(url.href)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { ...headers, ...(cookie && { cookie }) },
    })
    const text = await response.text()
    const where = `${first.pathname}?${decodeURIComponent(first.search).slice(1, 120)}`
    // A 429 comes before all checks, so it would prove nothing.
    if (response.status >= 500 || response.status === 429)
      throw new Error(`${where} answered ${response.status}`)
    const found = wanted.marker && url.origin === run.flow.demo.app && injected(text, wanted.marker)
    if (found) throw new Error(`${where} became ${found}`)
    const policy = response.headers.get('content-security-policy') ?? ''
    const isDocument =
      url.origin === run.flow.demo.app && /^text\/html/.test(response.headers.get('content-type') ?? '')
    if (isDocument && !policy.includes("default-src 'none'")) throw new Error(`${where} has no policy`)
    const location = response.headers.get('location')
    if (location === null) return
    const next = new URL(location, url)
    checkTarget(run, where, next, wanted)
    if (!follow || (next.origin === run.flow.demo.app && !next.pathname.startsWith('/auth/'))) return
    for (const line of response.headers.getSetCookie()) await browser?.jar.setCookie(line, url.href)
    url = next
  }
  throw new Error(`${first.pathname} redirects in circles`)
}

function checkTarget(run: Run, where: string, next: URL, { leadsTo, lacks }: Checks): void {
  if (leadsTo && !leadsTo.some((each) => new URL(each).host === next.host))
    throw new Error(`${where} leads to ${next.href.slice(0, 120)}`)
  if (lacks && next.origin !== run.flow.demo.app && decodeURIComponent(next.href).includes(lacks))
    throw new Error(`${where} passes ${lacks} on`)
}
