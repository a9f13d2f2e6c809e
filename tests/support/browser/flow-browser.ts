import { setTimeout as sleep } from 'node:timers/promises'
import { type HTMLElement, parse } from 'node-html-parser'
import { CookieJar } from 'tough-cookie'
import {
  buttonValue,
  encoded,
  isMultipart,
  TestBrowser,
  type Visit,
  type VisitOptions,
  wordsOf,
} from './browser'
import { checkCookieLine } from './cookie-table'

/** One request of a browser and its response. A redirect causes another hop. */
export interface Hop {
  method: string
  url: URL
  status: number
  headers: Headers
  body: string
  /** How long the response took, in milliseconds. */
  ms: number
}

/** What to send. A flow test may add headers that a browser would not send. */
export interface FlowVisitOptions extends VisitOptions {
  headers?: Record<string, string>
}

const MAX_HOPS = 20

/** A browser that records every hop, and sends each form's origin as browsers do. */
export class FlowBrowser extends TestBrowser {
  readonly hops: Hop[] = []

  override async visit(address: string | URL, options: FlowVisitOptions = {}): Promise<Visit> {
    let { method = 'GET', body } = options
    let url = new URL(address)
    let origin = url.origin
    for (let count = 0; count < MAX_HOPS; count += 1) {
      const begun = performance.now()
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: {
          cookie: await this.cookiesFor(url, method, origin),
          ...(method === 'POST' && {
            origin,
            'sec-fetch-site': origin === url.origin ? 'same-origin' : 'cross-site',
          }),
          ...options.headers,
        },
        body: body && encoded(body, options.isMultipart),
      })
      for (const line of response.headers.getSetCookie()) await this.receiveCookie(line, url)
      const text = await response.text()
      const { status, headers } = response
      // A server that refuses a body unread closes the connection. Wait, so that the next request uses a new one.
      if (status === 413) await sleep(100)
      this.hops.push({ method, url, status, headers, body: text, ms: performance.now() - begun })
      const location = headers.get('location')
      if (location === null) return { url, status, headers, html: parse(text) }

      const next = new URL(location, url)
      // If a POST is redirected to another origin, browsers send `Origin: null`.
      if (next.origin !== url.origin) origin = 'null'
      url = next
      if (!url.protocol.startsWith('http') || url.href.startsWith(options.stopAt ?? '\n'))
        return { url, status, headers, html: parse('') }
      if (status < 307) {
        method = 'GET'
        body = undefined
      }
    }
    throw new Error(`more than ${MAX_HOPS} redirects`)
  }

  /**
   * Submits the form of a button with some of its fields changed.
   *
   * @param fields - Values by name; undefined leaves a field out.
   */
  send(
    visit: Visit,
    button: string,
    fields: Record<string, string | undefined> = {},
    options: Omit<FlowVisitOptions, 'method' | 'body'> = {},
  ): Promise<Visit> {
    const form = formOf(visit, button)
    const body = { ...fieldsOf(form), ...buttonValue(form, button), ...fields }
    return this.visit(new URL(form.getAttribute('action') ?? '', visit.url), {
      isMultipart: isMultipart(form),
      ...options,
      method: 'POST',
      body: Object.fromEntries(
        Object.entries(body).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    })
  }

  /** Creates a second browser with a copy of the cookies. */
  async copy(): Promise<FlowBrowser> {
    return new FlowBrowser(await CookieJar.deserialize(await this.jar.serialize()))
  }

  /**
   * The cookies that a browser sends. If another site posts a form, those are only the cookies with `SameSite=None`.
   *
   * @param origin - Origin of the page that makes the request.
   */
  protected cookiesFor(url: URL, method: string, origin: string): Promise<string> {
    const isCrossSite = siteOf(origin) !== siteOf(url.origin)
    const sameSiteContext = isCrossSite ? (method === 'GET' ? 'lax' : 'none') : 'strict'
    return this.jar.getCookieString(url.href, { sameSiteContext })
  }

  /** Stores a cookie. Throws if it is not as documented, or if the jar refuses it: browsers would drop it silently. */
  private async receiveCookie(line: string, url: URL): Promise<void> {
    checkCookieLine(line, url)
    const set = await this.jar.setCookie(line, url.href)
    const isHeld = (await this.jar.getCookies(url.href)).some(({ key }) => key === set?.key)
    if (!set || isHeld !== set.TTL() > 0) throw new Error(`the browser did not take ${line.split('=')[0]}`)
  }
}

/** Scheme and host without the port, because browsers compare sites that way. In these tests, each host is another site. */
function siteOf(origin: string): string {
  if (!URL.canParse(origin)) return origin
  const { protocol, hostname } = new URL(origin)
  return `${protocol}//${hostname}`
}

/** The form that contains a button. */
export function formOf(visit: Visit, button: string): HTMLElement {
  const form = visit.html
    .querySelectorAll('form')
    .find((each) => each.querySelectorAll('button').some((own) => wordsOf(own) === button))
  if (!form) throw new Error(`no form with the button ${button} at ${visit.url}: ${visit.html.text.trim()}`)
  return form
}

/** The hidden fields of a form, by name. */
export function fieldsOf(form: HTMLElement): Record<string, string> {
  return Object.fromEntries(
    form
      .querySelectorAll('input[type=hidden]')
      .map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
  )
}
