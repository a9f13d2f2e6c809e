/**
 * The return link: a link on the pages of "Sign-in methods", back to the application that the person came from. Its two
 * query parameters, `client_id` and `return_to`, are passed on from page to page.
 *
 * @module
 */
import 'server-only'

/**
 * A return link: the application that the person came from, and the URL there to return to. Both come from a URL, which
 * anyone can write, so {@link decideWayBack} must allow them before the link is shown.
 */
export interface WayBack {
  /** The application's client id. */
  clientId: string
  /** An absolute URL of the application. */
  returnTo: string
}

/** Why the two query parameters are ignored, whatever the application. */
export type UnreadWayBack = 'incomplete' | 'repeated' | 'bad_client_id' | 'too_long'

/** The request header in which the middleware passes the return link on to pages, routes and server actions. */
export const WAY_BACK_HEADER = 'x-way-back'

/** Longest `return_to`, in characters. */
export const MAX_RETURN_TO_LENGTH = 2_000
const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Reads the return link from a URL.
 *
 * @param query - The query of the URL. Neither parameter may come twice.
 * @returns The return link, or why it cannot be read; undefined if the URL has neither parameter.
 */
export function readWayBack(
  query: URLSearchParams,
): { way: WayBack; ignored?: never } | { way?: never; ignored: UnreadWayBack } | undefined {
  const [clientIds, returnTos] = [query.getAll('client_id'), query.getAll('return_to')]
  if (clientIds.length === 0 && returnTos.length === 0) return undefined
  if (clientIds.length > 1 || returnTos.length > 1) return { ignored: 'repeated' }
  const [[clientId], [returnTo]] = [clientIds, returnTos]
  if (!clientId || !returnTo) return { ignored: 'incomplete' }
  if (!CLIENT_ID.test(clientId)) return { ignored: 'bad_client_id' }
  if (returnTo.length > MAX_RETURN_TO_LENGTH) return { ignored: 'too_long' }
  return { way: { clientId, returnTo } }
}

/** The return link in a request's URL; undefined if there is none. */
export const wayBackOf = ({ url }: Pick<Request, 'url'>): WayBack | undefined =>
  readWayBack(new URL(url).searchParams)?.way

/** The return link that the middleware found in the request's URL; undefined if there was none. */
export const carriedWayBack = (headers: Pick<Headers, 'get'>): WayBack | undefined =>
  readWayBack(new URLSearchParams(headers.get(WAY_BACK_HEADER) ?? ''))?.way

/** The two query parameters of a return link. */
export function wayBackQuery({ clientId, returnTo }: WayBack): string {
  // A sign-in carries this query in its own `returnTo`, which must be short. So leave characters unencoded that a query may
  // hold.
  const brief = encodeURIComponent(returnTo).replace(/%(?:2C|2F|3A|3B|3D|3F|40)/g, decodeURIComponent)
  return `client_id=${clientId}&return_to=${brief}`
}

/**
 * Adds the return link to one of our own paths.
 *
 * @param path - A path without a fragment.
 */
export function withWayBack(path: `/${string}`, way: WayBack | undefined): `/${string}` {
  if (!way) return path
  return `${path}${path.includes('?') ? '&' : '?'}${wayBackQuery(way)}`
}
