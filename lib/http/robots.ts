/**
 * Recognizes requests that no person made. They must never use up a token, a flow or a limit.
 * @module
 */
import 'server-only'

/** Whether the browser, or Next.js's router in it, prefetches a page before the person clicks a link. */
export function isPrefetch({ headers }: Request): boolean {
  return (
    headers.has('next-router-prefetch') ||
    ['sec-purpose', 'purpose', 'x-moz'].some((name) =>
      /\bpre(fetch|render|view)\b/i.test(headers.get(name) ?? ''),
    )
  )
}

// Lists bots by name, because "bot" alone would also match the names of some phone makers.
const PREVIEW_AGENTS =
  /(google|bing|apple|yandex|slack|twitter|discord|telegram|linkedin|pinterest)bot|facebookexternalhit|whatsapp\/|skypeuripreview|embedly|vkshare|google-safety|safelinks|bingpreview|\b(crawler|spider)\b/i

/** Whether the request comes from a program that opens links in messages to show or check them. */
export function isLinkPreview(request: Request): boolean {
  return PREVIEW_AGENTS.test(request.headers.get('user-agent') ?? '')
}
