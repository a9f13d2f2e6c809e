/**
 * Steps of a browser: addresses, forms, cookies.
 * @module
 */
import { parse } from 'node-html-parser'
import { z } from 'zod'
import { appCookieName, appCookies, putAppCookie } from '../../../support/browser/app-cookies'
import type { Visit } from '../../../support/browser/browser'
import { textOf } from '../../../support/flow/flow'
import { fill } from '../corpus'
import type { Run } from '../run'
import { jar, texts, type Verb, verb } from '../verb'

const headers = texts.optional()
/** The browser does not follow a redirect to an address that begins with this. By default it follows all redirects. */
const stopAt = z.string().optional()

export const BROWSER_VERBS: Record<string, Verb> = {
  /** Opens an address; a path belongs to the application. */
  visit: verb({ url: z.string(), jar, headers, stopAt }, async (run, { url, jar, ...options }) => {
    run.come(jar, await run.browser(jar).visit(addressOf(run, url), defined(options)))
  }),

  /** Opens `/link` with the session token `$IT` and the state `$ST`. Does not follow a redirect to the tenant. */
  open: verb({ jar, headers, query: z.string().optional() }, async (run, { jar, headers, query }) => {
    const url = run.flow.linkUrl(String(run.values.IT), String(run.values.ST))
    if (query !== undefined) url.search = query
    run.come(jar, await run.browser(jar).visit(url, defined({ headers, stopAt: run.flow.demo.tenant })))
  }),

  /** Presses a button of the page after filling its fields in by label. */
  press: verb({ button: z.string(), fields: texts.optional(), jar, stopAt }, async (run, step) => {
    const page = await run
      .browser(step.jar)
      .press(run.page(step.jar), step.button, step.fields, defined({ stopAt: step.stopAt }))
    run.come(step.jar, page)
  }),

  /**
   * Sends the form of a button with fields replaced by name; null leaves one out. `from` names the browser with the
   * page.
   */
  send: verb(
    {
      button: z.string(),
      fields: z.record(z.string(), z.string().nullable()).optional(),
      jar,
      from: jar,
      headers,
      stopAt,
    },
    async (run, { button, fields = {}, jar, from = jar, ...options }) => {
      const changed = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, value ?? undefined]),
      )
      run.come(jar, await run.browser(jar).send(run.page(from), button, changed, defined(options)))
    },
  ),

  /**
   * Makes one request without following its answer. `body` is a form, or a text with a type. Without a jar, no cookies
   * are sent. With `mayBreak`, the connection may end before the answer has arrived, which counts as status 0.
   */
  request: verb(
    {
      method: z.string().optional(),
      url: z.string(),
      jar,
      headers,
      body: z.union([texts, z.string()]).optional(),
      type: z.string().optional(),
      mayBreak: z.boolean().optional(),
    },
    async (run, { method = 'GET', url, jar, headers, body, type, mayBreak = false }) => {
      const form = typeof body === 'object' ? new URLSearchParams(body) : body
      const all = { ...(type && { 'content-type': type }), ...headers }
      const request = { method, url: addressOf(run, url), jar, headers: all, body: form }
      const broken = { url: request.url, status: 0, headers: new Headers(), html: parse('') }
      const sent = send(run, request)
      run.come(jar, await (mayBreak ? sent.catch(() => broken) : sent))
    },
  ),

  /** Makes one multipart request. Calls of server actions have this format, and the framework decodes the parts. */
  multipart: verb(
    { url: z.string(), jar, headers, parts: texts },
    async (run, { url, jar, headers, parts }) => {
      const body = new FormData()
      for (const [name, text] of Object.entries(parts)) body.append(name, text)
      run.come(jar, await send(run, { method: 'POST', url: addressOf(run, url), jar, headers, body }))
    },
  ),

  /** Puts a cookie into a browser, as a thief would. Over TLS its name gets the prefix of the application's cookies. */
  'set cookie': verb({ name: z.string(), value: z.string(), jar }, async (run, { name, value, jar }) => {
    const { app } = run.flow.demo
    await putAppCookie(run.browser(jar), app, appCookieName(app, name), value)
  }),

  /**
   * Changes the value of the cookies whose names have this beginning: `$VALUE` is the value, `$CUT` a shortened one,
   * `$FLIPPED` one with one bit changed.
   */
  'change cookies': verb(
    { prefix: z.string(), value: z.string(), jar },
    async (run, { prefix, value, jar }) => {
      const browser = run.browser(jar)
      const { app } = run.flow.demo
      for (const cookie of await appCookies(browser, app, prefix)) {
        const flipped =
          cookie.value.slice(0, -2) + (cookie.value.at(-2) === 'A' ? 'B' : 'A') + cookie.value.slice(-1)
        const changed = fill(value, {
          VALUE: cookie.value,
          CUT: cookie.value.slice(0, -20),
          FLIPPED: flipped,
        })
        await putAppCookie(browser, app, cookie.key, String(changed))
      }
    },
  ),

  /** Deletes a browser's cookies whose names have this beginning. */
  'drop cookies': verb({ prefix: z.string(), jar }, async (run, { prefix, jar }) => {
    const browser = run.browser(jar)
    for (const { domain, path, key } of await appCookies(browser, run.flow.demo.app, prefix))
      await browser.jar.store.removeCookie(domain ?? '', path ?? '/', key)
  }),

  /** Copies all cookies and the page of one browser to another. */
  copy: verb({ from: z.string(), to: z.string() }, async (run, { from, to }) => {
    await run.copyBrowser(from, to)
    run.come(to, run.page(from))
  }),

  /**
   * Stores a value of a page under the name `as`: an attribute of an element, a header, the page's address, the address that
   * it redirects to, or its text without the reference number.
   */
  remember: verb(
    {
      as: z.string(),
      what: z.enum(['address', 'location', 'attribute', 'header', 'text']),
      selector: z.string().optional(),
      name: z.string().optional(),
      jar,
    },
    async (run, { as, what, selector = '', name = 'value', jar }) => {
      const page = jar ? run.page(jar) : run.last
      const found = {
        address: () => page.url.href,
        location: () => page.headers.get('location'),
        header: () => page.headers.get(name),
        attribute: () => page.html.querySelector(selector)?.getAttribute(name),
        text: () =>
          textOf(page)
            .replace(/Reference number: \w+/, '')
            .trim(),
      }[what]()
      if (!found) throw new Error(`no value for ${as} at ${page.url.pathname}`)
      run.values[as] = found
    },
  ),
}

/** Sends one request with a browser's cookies. The answer may change them. */
async function send(
  run: Run,
  request: {
    method: string
    url: URL
    jar: string | undefined
    headers: Record<string, string> | undefined
    body: string | URLSearchParams | FormData | undefined
  },
): Promise<Visit> {
  const { method, url, jar, headers, body } = request
  const cookies = jar === undefined ? undefined : run.browser(jar).jar
  const cookie = await cookies?.getCookieString(url.href)
  const begun = performance.now()
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(cookie && { cookie }), ...headers },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  const { status, headers: answered } = response
  for (const line of answered.getSetCookie()) await cookies?.setCookie(line, url.href)
  run.note({ method, url, status, headers: answered, body: text, ms: performance.now() - begun })
  return { url, status, headers: answered, html: parse(text) }
}

const addressOf = (run: Run, url: string): URL => new URL(url, run.flow.demo.app)

/** Leaves out undefined options. */
function defined<Options extends object>(options: Options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]: Exclude<Options[Key], undefined>
  }
}
