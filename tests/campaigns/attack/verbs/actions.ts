/**
 * Steps that send a server action: as a form does, as React's client does, or with an unusual body.
 * @module
 */
import { parse } from 'node-html-parser'
import { z } from 'zod'
import { buttonValue } from '../../../support/browser/browser'
import { fieldsOf, formOf } from '../../../support/browser/flow-browser'
import type { Run } from '../run'
import { jar, texts, type Verb, verb } from '../verb'

const ACTION = '$ACTION_ID_'
const changes = z.record(z.string(), z.string().nullable()).optional()

export const ACTION_VERBS: Record<string, Verb> = {
  /**
   * Sends the action of a button. By default it does so as the form would, from our own origin, with the browser's
   * cookies. `from` names the browser with the page. `how`: as a `call` of React's client, or the fields as `urlencoded` or
   * (in JSON) as `text`. `headers` and `fields` replace values by name, and null leaves one out. `body` and `parts` replace
   * the fields. `pad` is the length of an additional field. Follows a redirect within the application, but not that of a
   * call.
   */
  act: verb(
    {
      button: z.string(),
      how: z.enum(['form', 'call', 'urlencoded', 'text']).optional(),
      url: z.string().optional(),
      headers: changes,
      fields: changes,
      body: z.string().optional(),
      parts: texts.optional(),
      pad: z.number().optional(),
      jar,
      from: jar,
    },
    async (run, { button, how = 'form', url, jar, from = jar, ...sent }) => {
      const page = run.page(from)
      const form = formOf(page, button)
      const all = { ...fieldsOf(form), ...buttonValue(form, button) }
      const action = Object.keys(all).find((name) => name.startsWith(ACTION))
      if (!action) throw new Error(`the button ${button} has no action`)
      const fields = without({ ...all, ...sent.fields, ...(sent.pad && { pad: 'x'.repeat(sent.pad) }) })
      await post(run, jar, new URL(url ?? page.url, run.flow.demo.app), {
        headers: without({
          origin: run.flow.demo.app,
          ...(how === 'call' && { 'next-action': action.slice(ACTION.length), accept: 'text/x-component' }),
          ...sent.headers,
        }),
        ...bodyOf(how, fields, sent),
      })
    },
  ),
}

interface Sent {
  headers: Record<string, string>
  type: string | undefined
  body: string | FormData
}

async function post(run: Run, jar: string | undefined, url: URL, { headers, type, body }: Sent) {
  const browser = run.browser(jar)
  const cookie = await browser.jar.getCookieString(url.href)
  const begun = performance.now()
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, ...(type && { 'content-type': type }), ...headers },
    body,
  })
  const text = await answer.text()
  for (const line of answer.headers.getSetCookie()) await browser.jar.setCookie(line, url.href)
  const { status, headers: answered } = answer
  run.note({ method: 'POST', url, status, headers: answered, body: text, ms: performance.now() - begun })
  const location = answer.headers.get('location')
  const next = location && !headers['next-action'] ? new URL(location, url) : undefined
  if (next?.origin === url.origin) run.come(jar, await browser.visit(next, { stopAt: run.flow.demo.tenant }))
  else run.come(jar, { url, status: answer.status, headers: answer.headers, html: parse(text) })
}

/** A body as the browser, React's client or an attacker writes it. */
function bodyOf(
  how: string,
  fields: Record<string, string>,
  { body, parts }: { body?: string | undefined; parts?: Record<string, string> | undefined },
): Pick<Sent, 'type' | 'body'> {
  if (body !== undefined) return { type: 'text/plain;charset=UTF-8', body }
  if (parts) return { type: undefined, body: inParts(parts) }
  switch (how) {
    case 'urlencoded':
      return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() }
    case 'text':
      return { type: 'text/plain', body: JSON.stringify(fields) }
    case 'call': {
      const named = Object.entries(fields).map(([name, value]) => [`_1_${name}`, value])
      return { type: undefined, body: inParts({ ...Object.fromEntries(named), 0: '["$K1"]' }) }
    }
    default:
      return { type: undefined, body: inParts(fields) }
  }
}

/** The part `0` comes last, because it refers to the others. */
function inParts({ 0: root, ...fields }: Record<string, string>): FormData {
  const parts = new FormData()
  for (const [name, value] of Object.entries(fields)) parts.append(name, value)
  if (root !== undefined) parts.append('0', root)
  return parts
}

const without = (all: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null))
