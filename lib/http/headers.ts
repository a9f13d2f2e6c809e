/**
 * The headers that handlers and the middleware set. What is the same on every answer is in `next.config.js`.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'

/** Whether browsers are told to stay with TLS. */
export type HeaderSettings = Pick<Config, 'isStrictTransport'>

/** Where a document's forms may lead: they stay on our origin, or one of them leads to the tenant. */
export type DocumentKind = 'stays' | 'leads-out'

/** Headers by lower-case name; a policy is always among them. */
export type HeadersWithPolicy = Record<string, string> & { 'content-security-policy': string }

const POLICY_END = "frame-ancestors 'none'; base-uri 'none'"
const formAction = (kind: DocumentKind) => (kind === 'stays' ? "; form-action 'self'" : '')

/** On every answer: caches store nothing, and over TLS the browser stays with TLS. */
function commonHeaders(
  { isStrictTransport }: HeaderSettings,
  referrerPolicy: 'same-origin' | 'no-referrer',
): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'referrer-policy': referrerPolicy,
    ...(isStrictTransport && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

/** Headers of an answer without a document: redirects, `/healthz`, `/readyz`. */
export function plainHeaders(settings: HeaderSettings): Record<string, string> {
  return commonHeaders(settings, 'no-referrer')
}

/**
 * Headers of a picture that the tenant named: its address changes with its content, and one that is opened as a document, which an
 * SVG can be, runs nothing and loads nothing.
 *
 * @param type - Its media type.
 * @see {@link https://www.w3.org/TR/CSP3/#directive-sandbox CSP 3, sandbox}
 */
export function pictureHeaders(settings: HeaderSettings, type: string): HeadersWithPolicy {
  return {
    ...commonHeaders(settings, 'no-referrer'),
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': type,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  }
}

/**
 * Headers of a linking document: no script at all.
 *
 * A document whose form leads out has no `form-action`: browsers apply it to every hop that follows the form, and the
 * last one is the callback of an application that we do not know.
 *
 * @param nonce - Of the document's one style element.
 * @see {@link https://www.w3.org/TR/CSP3/#directive-form-action CSP 3, form-action}
 */
export function documentHeaders(
  settings: HeaderSettings,
  nonce: string,
  kind: DocumentKind,
): HeadersWithPolicy {
  return {
    ...commonHeaders(settings, 'same-origin'),
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': `default-src 'none'; script-src 'none'; style-src 'nonce-${nonce}'; img-src data:; ${POLICY_END}${formAction(kind)}`,
  }
}

/**
 * Headers of an App Router page, whose scripts carry the nonce.
 *
 * @param nonce - Fresh for this answer.
 * @param kind - Where its forms lead.
 */
export function pageHeaders(settings: HeaderSettings, nonce: string, kind: DocumentKind): HeadersWithPolicy {
  return {
    ...commonHeaders(settings, 'same-origin'),
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': pagePolicy(settings, nonce, kind, "'self'"),
  }
}

/** The page that links in the browser alone, or the one its sign-in windows end at. */
export type BrowserLinkingPage = 'opener' | 'window'

/**
 * Headers of the two pages that link in the browser alone: those of other pages, but that their scripts may call the tenant,
 * and that the page and its windows, which have been at the tenant meanwhile, keep sight of each other.
 *
 * @param nonce - Fresh for this answer.
 * @param page - The opener says that its windows may know it; a window that said anything would be cut off from it.
 * @see {@link https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies HTML, cross-origin opener policies}
 */
export function browserLinkingHeaders(
  settings: HeaderSettings & Pick<Config, 'managementDomain'>,
  nonce: string,
  page: BrowserLinkingPage,
): HeadersWithPolicy {
  const connect = `'self' https://${settings.managementDomain.host}`
  return {
    ...commonHeaders(settings, 'same-origin'),
    ...(page === 'opener' && { 'cross-origin-opener-policy': 'same-origin-allow-popups' }),
    'content-security-policy': pagePolicy(settings, nonce, 'stays', connect),
  }
}

function pagePolicy(
  { isStrictTransport }: HeaderSettings,
  nonce: string,
  kind: DocumentKind,
  connect: string,
): string {
  const upgrade = isStrictTransport ? '; upgrade-insecure-requests' : ''
  return `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src ${connect}; object-src 'none'; ${POLICY_END}${formAction(kind)}${upgrade}`
}
