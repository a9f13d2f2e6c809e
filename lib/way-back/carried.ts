/**
 * The two parameters of a way back, which every address of the page "Sign-in methods" carries on to the next one.
 *
 * @module
 */
import 'server-only'

/** Where a person came from, as an address says. Anyone can write an address: {@link decideWayBack} says whether it counts. */
export interface WayBack {
  /** The application's client id. */
  clientId: string
  /** An absolute address of the application. */
  returnTo: string
}

/** Why the parameters of an address are no way back, whatever the application. */
export type UnreadWayBack = 'incomplete' | 'repeated' | 'bad_client_id' | 'too_long'

/** The request header in which the middleware hands the way back on to pages, routes and server actions. */
export const WAY_BACK_HEADER = 'x-way-back'

/** Longest `return_to`, in characters. */
export const MAX_RETURN_TO_LENGTH = 2_000
const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Reads the way back from an address.
 *
 * @param query - Of the address. Each of the two parameters may be there once.
 * @returns The way back, or why there is none; undefined if the address has neither parameter.
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

/** The way back in the address of a request; undefined if there is none. */
export const wayBackOf = ({ url }: Pick<Request, 'url'>): WayBack | undefined =>
  readWayBack(new URL(url).searchParams)?.way

/** The way back that the middleware found in the address of a request. */
export const carriedWayBack = (headers: Pick<Headers, 'get'>): WayBack | undefined =>
  readWayBack(new URLSearchParams(headers.get(WAY_BACK_HEADER) ?? ''))?.way

/** The two parameters, as an address carries them. */
export function wayBackQuery({ clientId, returnTo }: WayBack): string {
  // A sign-in has little room for the address that it comes back to, so what a query may hold is not encoded.
  const brief = encodeURIComponent(returnTo).replace(/%(?:2C|2F|3A|3B|3D|3F|40)/g, decodeURIComponent)
  return `client_id=${clientId}&return_to=${brief}`
}

/**
 * One of our own addresses that carries the way back on.
 *
 * @param path - Without a fragment.
 */
export function withWayBack(path: `/${string}`, way: WayBack | undefined): `/${string}` {
  if (!way) return path
  return `${path}${path.includes('?') ? '&' : '?'}${wayBackQuery(way)}`
}
