/**
 * Steps that check answers closely: markup, files, redirects.
 * @module
 */
import { z } from 'zod'
import { injected } from '../markup'
import { jar, type Verb, verb } from '../verb'

export const DOCUMENT_VERBS: Record<string, Verb> = {
  /** Checks that the marker of an attacker's text stayed text in every document so far. */
  'text only': verb({ marker: z.string() }, async (run, { marker }) => {
    const { app } = run.flow.demo
    for (const { url, body } of run.hops().filter(({ url }) => url.origin === app)) {
      const found = injected(body, marker)
      if (found) throw new Error(`${url.pathname}: ${marker} became ${found}`)
    }
  }),

  /** Checks that the last answer, including its headers, contains none of these words. */
  'says nothing of': verb({ words: z.array(z.string()) }, async (run, { words }) => {
    const { headers, html } = run.last
    const sent = [html.toString(), ...[...headers].map((header) => header.join(': '))].join('\n')
    const found = words.find((each) => sent.includes(each))
    if (found) throw new Error(`the answer says ${found}`)
  }),

  /** Checks that the last document has an element whose text has this beginning. */
  'has element': verb({ selector: z.string(), text: z.string() }, async (run, { selector, text }) => {
    if (!run.last.html.querySelectorAll(selector).some((each) => each.text.trim().startsWith(text)))
      throw new Error(`no ${selector} with “${text}”`)
  }),

  /**
   * Checks every script and style of the page, and all files that those name: none contains any of these words or a secret
   * of the application, and none has a source map.
   */
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
      if (map.status !== 404) throw new Error(`${name} has a source map`)
      queue.push(...namesIn(text))
    }
  }),

  /**
   * Checks the application's answers so far to a method at matching paths: each has one of the statuses, and contains
   * none of the words of `lacks`; each of `has` is in one of them.
   */
  answers: verb(
    {
      method: z.string().optional(),
      path: z.string(),
      status: z.array(z.number()).optional(),
      has: z.array(z.string()).optional(),
      lacks: z.array(z.string()).optional(),
    },
    async (run, { method, path, status, has = [], lacks = [] }) => {
      const all = run.hops().filter((hop) => hop.url.origin === run.flow.demo.app)
      const hops = all.filter(
        (hop) => (!method || hop.method === method) && new RegExp(path).test(hop.url.pathname),
      )
      if (hops.length === 0) throw new Error(`there was no answer at ${path}`)
      for (const words of has)
        if (!hops.some(({ body }) => body.includes(words)))
          throw new Error(`no answer at ${path} says ${words}`)
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

/** Addresses of built files in a text. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/(?:\/_next\/)?static\/(?:chunks|css|media)\/[\w./()[\]~-]+\.(?:js|css)/g)].map(
    ([name]) => (name.startsWith('/') ? name : `/_next/${name}`),
  )
