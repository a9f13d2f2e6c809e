/** The header in which the middleware hands a page the query of its address, which layouts do not get. */
export const PAGE_QUERY = 'x-page-query'
