/**
 * Offset pagination of the Management API.
 * @module
 */
import { z } from 'zod'
import { CheckpointQuery, checkpointPage } from './checkpoint-page'
import { wholeNumber } from './query-number'

/** The query parameters that select a page by its number. A page of 0 items returns only the totals. */
export const OffsetQuery = {
  page: wholeNumber(0),
  per_page: wholeNumber(0, 100),
}

/** Like {@link OffsetQuery}, for lists that do not allow pages of 0 items. */
export const FilledOffsetQuery = {
  ...OffsetQuery,
  per_page: wholeNumber(1, 100),
}

/** The query parameters of lists with both kinds of pagination. */
export const EitherQuery = {
  ...OffsetQuery,
  ...CheckpointQuery,
  include_totals: z.enum(['true', 'false']).optional(),
}

/**
 * Returns one page of a list.
 *
 * @param all - The list.
 * @param query - `page` counts from 0.
 * @param standard - Items per page if the query does not say.
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
 * Returns a list of Actions, versions or bindings in Auth0's form, which leaves out numbers that are 0. A page past the end
 * has no `total` either.
 *
 * @param list - The page's items, under the list's name.
 * @param total - Number of items of the whole list.
 * @param query - The page that was asked for.
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
 * Returns one page of a list with both kinds of pagination: by checkpoint if the query has `from` or `take`, otherwise by
 * page number.
 *
 * @param name - The list's name, for responses that contain more than the list.
 * @param all - The list.
 * @param query - {@link EitherQuery}.
 * @returns The items alone, or an object with the items and their position in the whole list.
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
