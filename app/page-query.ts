/** The header in which the middleware hands a page the query of its address, which layouts do not get. */
export const PAGE_QUERY = 'x-page-query'

/** The request header in which the middleware tells pages which organization the person is signed in to, by its id. */
export const ORGANIZATION = 'x-organization'
