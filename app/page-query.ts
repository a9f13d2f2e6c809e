/**
 * The request header in which the middleware passes the query of the page's URL on, because Next.js does not give it to layouts.
 */
export const PAGE_QUERY = 'x-page-query'

/** The request header in which the middleware passes on the id of the organization that the person is signed in to. */
export const ORGANIZATION = 'x-organization'
