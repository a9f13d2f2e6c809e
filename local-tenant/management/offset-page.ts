/**
 * Lists of the Management API that are read page by page.
 * @module
 */
import { z } from 'zod'
import { CheckpointQuery, checkpointPage } from './checkpoint-page'
import { wholeNumber } from './query-number'

/** The query parameters that choose a page by its number. A page of no items is for the totals alone. */
export const OffsetQuery = {
  page: wholeNumber(0),
  per_page: wholeNumber(0, 100),
}

/** The same for lists whose pages have at least one item. */
export const FilledOffsetQuery = {
  ...OffsetQuery,
  per_page: wholeNumber(1, 100),
}

/** The query parameters of lists that are read either way. */
export const EitherQuery = {
  ...OffsetQuery,
  ...CheckpointQuery,
  include_totals: z.enum(['true', 'false']).optional(),
}

/**
 * Cuts a page out of a list.
 *
 * @param all - The list.
 * @param query - `page` counts from 0.
 * @param standard - Items of a page where the query names no number.
 */
export function offsetPage<Item>(
  all: Item[],
  query: { page?: number | undefined; per_page?: number | undefined },
  standard = 50,
): { items: Item[]; start: number; limit: number } {
  const { page = 0, per_page: limit = standard } = query
  return { items: all.slice(page * limit, (page + 1) * limit), start: page * limit, limit }
}

/**
 * A list of Actions, versions or bindings as Auth0 answers it: numbers that are 0 are left out. On a page behind the end there
 * is no `total` either.
 *
 * @param list - The list by its name: the page's items.
 * @param total - Items of the whole.
 * @param query - Which page was asked for.
 */
export function withoutZeros(
  list: Record<string, unknown[]>,
  total: number,
  { page, per_page: perPage }: { page?: number | undefined; per_page: number },
): Record<string, unknown> {
  const isListed = Object.values(list).some((items) => items.length > 0)
  return { ...list, ...(isListed && { total }), ...(page && { page }), per_page: perPage }
}

/**
 * Answers a list that is read either way: from checkpoint to checkpoint where the query says so, else by pages.
 *
 * @param name - Of the list in answers that hold more than it.
 * @param all - The list.
 * @param query - {@link EitherQuery}.
 * @returns The list alone, or an object with it and where it stands in the whole.
 * @see https://auth0.com/docs/api/management/v2/introduction
 */
export function eitherPage<Item>(
  name: string,
  all: Item[],
  query: z.output<z.ZodObject<typeof EitherQuery>>,
): Item[] | Record<string, unknown> {
  if (query.take !== undefined || query.from !== undefined) {
    const { items, ...rest } = checkpointPage(all, query)
    return { [name]: items, ...rest }
  }
  const { items, start, limit } = offsetPage(all, query)
  if (query.include_totals !== 'true') return items
  return { start, limit, total: all.length, [name]: items }
}
