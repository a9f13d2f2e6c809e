/**
 * Steps that look closer at answers: markup, files, redirects.
 * @module
 */
import { z } from 'zod'
import { injected } from '../markup'
import { jar, type Verb, verb } from '../verb'

export const DOCUMENT_VERBS: Record<string, Verb> = {
  /** A word that strangers wrote became text only, in every document so far. */
  'text only': verb({ marker: z.string() }, async (run, { marker }) => {
    const { app } = run.flow.demo
    for (const { url, body } of run.hops().filter(({ url }) => url.origin === app)) {
      const found = injected(body, marker)
      if (found) throw new Error(`${url.pathname}: ${marker} became ${found}`)
    }
  }),

  /** The last answer, headers and all, holds none of these words. */
  'says nothing of': verb({ words: z.array(z.string()) }, async (run, { words }) => {
    const { headers, html } = run.last
    const sent = [html.toString(), ...[...headers].map((header) => header.join(': '))].join('\n')
    const found = words.find((each) => sent.includes(each))
    if (found) throw new Error(`the answer says ${found}`)
  }),

  /** The last document has an element whose text begins so. */
  'has element': verb({ selector: z.string(), text: z.string() }, async (run, { selector, text }) => {
    if (!run.last.html.querySelectorAll(selector).some((each) => each.text.trim().startsWith(text)))
      throw new Error(`no ${selector} with “${text}”`)
  }),

  /** Every script and style of the page, and whatever further files those name: none says any of it, or has a source map. */
  files: verb({ lacks: z.array(z.string()), jar }, async (run, { lacks, jar }) => {
    const { app, env } = run.flow.demo
    const secrets = Object.entries(env).flatMap(([name, value]) => (/SECRET/.test(name) ? [value] : []))
    const page = run.page(jar)
    const seen = new Set<string>()
    const queue = namesIn(page.html.toString())
    if (queue.length === 0) throw new Error('the page has no files')
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (seen.has(name)) continue
      seen.add(name)
      const answer = await fetch(new URL(name, app))
      const text = await answer.text()
      if (answer.status !== 200) continue
      const found = [...lacks, ...secrets].find((words) => text.includes(words))
      if (found) throw new Error(`${name} says ${found.slice(0, 12)}`)
      const map = await fetch(new URL(`${name}.map`, app))
      if (map.status !== 404) throw new Error(`${name} has a map`)
      queue.push(...namesIn(text))
    }
  }),

  /** Answers so far, of the application, of a method, whose path matches: each has one of the statuses, and says none of it. `some`: there is one. */
  answers: verb(
    {
      method: z.string().optional(),
      path: z.string(),
      status: z.array(z.number()).optional(),
      lacks: z.array(z.string()).optional(),
    },
    async (run, { method, path, status, lacks = [] }) => {
      const all = run.hops().filter((hop) => hop.url.origin === run.flow.demo.app)
      const hops = all.filter(
        (hop) => (!method || hop.method === method) && new RegExp(path).test(hop.url.pathname),
      )
      if (hops.length === 0) throw new Error(`nothing was answered at ${path}`)
      for (const hop of hops) {
        const where = `${hop.method} ${hop.url.pathname}`
        if (status && !status.includes(hop.status)) throw new Error(`${where} answered ${hop.status}`)
        const sent = [hop.body, ...[...hop.headers].map(([, value]) => value)].join('\n')
        for (const words of lacks)
          if (sent.includes(words)) throw new Error(`${where} says ${words.slice(0, 40)}`)
      }
    },
  ),
}

/** Addresses of the built files that a text names. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/(?:\/_next\/)?static\/(?:chunks|css|media)\/[\w./()[\]~-]+\.(?:js|css)/g)].map(
    ([name]) => (name.startsWith('/') ? name : `/_next/${name}`),
  )
