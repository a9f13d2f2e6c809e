/**
 * The headers that handlers and the middleware set. Headers that are the same on every response are in `next.config.js`.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'

/** The setting that the headers depend on: whether to send `Strict-Transport-Security`. */
export type HeaderSettings = Pick<Config, 'isStrictTransport'>

/** Where a document's forms may lead: `stays` if to our own origin only, `leads-out` if one of them leads to the tenant. */
export type DocumentKind = 'stays' | 'leads-out'

/** Headers by lower-case name. `content-security-policy` is always one of them. */
export type HeadersWithPolicy = Record<string, string> & { 'content-security-policy': string }

const POLICY_END = "frame-ancestors 'none'; base-uri 'none'"
const formAction = (kind: DocumentKind) => (kind === 'stays' ? "; form-action 'self'" : '')

/** Headers of every response: caches store nothing, and browsers keep using TLS if we are served over TLS. */
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

/** Headers of a response without a document: redirects, `/healthz`, `/readyz`. */
export function plainHeaders(settings: HeaderSettings): Record<string, string> {
  return commonHeaders(settings, 'no-referrer')
}

/**
 * Headers of a picture of the tenant's brand. Caches may keep it, because its URL changes with its content. An SVG can be opened
 * as a document; the policy then lets it run and load nothing.
 *
 * @param type - The picture's media type.
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
 * Headers of a linking document, which may run no scripts.
 *
 * A document whose form leads to the tenant has no `form-action`. Browsers apply that directive to every redirect after the form,
 * and the last redirect goes to the callback of an application that we do not know.
 *
 * @param nonce - The nonce of the document's only style element.
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
 * @param nonce - New for each response.
 * @param kind - Where the page's forms lead.
 */
export function pageHeaders(settings: HeaderSettings, nonce: string, kind: DocumentKind): HeadersWithPolicy {
  return {
    ...commonHeaders(settings, 'same-origin'),
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': pagePolicy(settings, nonce, kind, "'self'"),
  }
}

/** The page that links in the browser alone (`opener`), or the page at which its sign-in windows end (`window`). */
export type BrowserLinkingPage = 'opener' | 'window'

/**
 * Headers of the two pages with which a browser links accounts itself, without the service. They differ from other pages in two
 * ways: their scripts may call the tenant, and the page that links (the opener) and its sign-in windows can still reach each
 * other after a window has been at the tenant.
 *
 * @param nonce - New for each response.
 * @param page - Only the opener gets an opener policy, `same-origin-allow-popups`. A window with a policy of its own would lose
 *   its opener.
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
