/**
 * A browser without a screen: cookies, redirects and plain HTML forms.
 * @module
 */
import { type HTMLElement, parse } from 'node-html-parser'
import { CookieJar } from 'tough-cookie'

/** The end of a visit: a document, or a redirect that the browser does not follow. */
export interface Visit {
  /** The last URL that was requested, or the URL of the redirect that was not followed. */
  url: URL
  status: number
  headers: Headers
  html: HTMLElement
}

/** What to send. */
export interface VisitOptions {
  method?: 'GET' | 'POST'
  body?: Record<string, string>
  /** Whether to send the body as multipart, as forms of server actions do. */
  isMultipart?: boolean
  /** The browser does not follow redirects to URLs that begin with this. */
  stopAt?: string
}

const MAX_REDIRECTS = 20

/** A browser with its own cookies. */
export class TestBrowser {
  constructor(readonly jar = new CookieJar()) {}

  /** Requests a URL and follows redirects, except those to a custom scheme, which real browsers hand to an application. */
  async visit(address: string | URL, options: VisitOptions = {}): Promise<Visit> {
    let { method = 'GET', body } = options
    let url = new URL(address)
    for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: { cookie: await this.jar.getCookieString(url.href) },
        body: body && encoded(body, options.isMultipart),
      })
      for (const cookie of response.headers.getSetCookie()) await this.jar.setCookie(cookie, url.href)
      const location = response.headers.get('location')
      if (location === null) return visited(url, response, await response.text())

      url = new URL(location, url)
      if (!url.protocol.startsWith('http') || url.href.startsWith(options.stopAt ?? '\n')) {
        return visited(url, response, '')
      }
      // 307 and 308 keep method and body; other redirects do not.
      if (response.status < 307) {
        method = 'GET'
        body = undefined
      }
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects`)
  }

  /**
   * Fills in a form of a document and clicks its button.
   *
   * @param visit - The document.
   * @param button - The button's text.
   * @param fields - Values by the labels of their inputs.
   */
  async press(
    visit: Visit,
    button: string,
    fields: Record<string, string> = {},
    options: Pick<VisitOptions, 'stopAt'> = {},
  ): Promise<Visit> {
    const form = visit.html
      .querySelectorAll('form')
      .find(
        (candidate) =>
          candidate.querySelectorAll('button').some((element) => wordsOf(element) === button) &&
          Object.keys(fields).every((label) => inputOf(candidate, label)),
      )
    if (!form) {
      const text = lineOf(visit.html.querySelector('main') ?? visit.html)
      throw new Error(`no form with the button ${button} at ${visit.url}: ${text}`)
    }
    const values = { ...inputsOf(form), ...buttonValue(form, button) }
    for (const [label, value] of Object.entries(fields)) {
      values[inputOf(form, label)?.getAttribute('name') ?? ''] = value
    }
    const url = new URL(form.getAttribute('action') ?? '', visit.url)
    if (form.getAttribute('method')?.toLowerCase() === 'post') {
      return this.visit(url, { method: 'POST', body: values, isMultipart: isMultipart(form), ...options })
    }
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
    return this.visit(url, options)
  }
}

/** The values of a form's inputs, by name. Unchecked boxes send nothing. */
function inputsOf(form: HTMLElement): Record<string, string> {
  const inputs = form.querySelectorAll('input').filter((input) => input.getAttribute('type') !== 'checkbox')
  return Object.fromEntries(
    inputs.map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
  )
}

/** A button's name: its text, or its line in bold if it is a tile (a large button with several lines). */
export const wordsOf = (button: HTMLElement): string => (button.querySelector('b') ?? button).text.trim()

/**
 * The text of an element in one line, without the invisible (bidi) marks around names. Only the style separates the lines of
 * a tile, so this adds a space between them.
 */
export const lineOf = (element: HTMLElement): string =>
  parse(element.outerHTML.replace(/<\/(?:a|b|bdi|button|span)>/g, '$& '))
    .structuredText.replace(/[\u2068\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

/** The form field that a button itself sends, if any. */
export function buttonValue(form: HTMLElement, button: string): Record<string, string> {
  const pressed = form.querySelectorAll('button').find((each) => wordsOf(each) === button)
  const name = pressed?.getAttribute('name')
  return name ? { [name]: pressed?.getAttribute('value') ?? '' } : {}
}

/** Whether a form is sent as multipart. */
export const isMultipart = (form: HTMLElement): boolean =>
  form.getAttribute('enctype')?.toLowerCase() === 'multipart/form-data'

/** Encodes a body as a form does. */
export function encoded(body: Record<string, string>, inParts = false): FormData | URLSearchParams {
  if (!inParts) return new URLSearchParams(body)
  const parts = new FormData()
  for (const [name, value] of Object.entries(body)) parts.append(name, value)
  return parts
}

function inputOf(form: HTMLElement, label: string): HTMLElement | null {
  const element = form.querySelectorAll('label').find((candidate) => candidate.text.trim() === label)
  return element ? form.querySelector(`#${element.getAttribute('for')}`) : null
}

function visited(url: URL, { status, headers }: Response, text: string): Visit {
  return { url, status, headers, html: parse(text) }
}
