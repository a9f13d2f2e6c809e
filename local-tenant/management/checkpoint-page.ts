/**
 * Checkpoint pagination of the Management API.
 * @module
 */
import { z } from 'zod'
import { wholeNumber } from './query-number'

/** The query parameters that select a page. */
export const CheckpointQuery = {
  from: z.string().optional(),
  take: wholeNumber(1, 100),
}

/** One page of a list. */
export interface CheckpointPage<Item> {
  items: Item[]
  /** The `from` of the next page; absent on the last page. */
  next?: string
}

/**
 * Returns one page of a list.
 *
 * @param all - The list.
 * @param query - `from` is the `next` of the previous page; `take` limits the items, 50 by default.
 * @see https://auth0.com/docs/api/management/v2/introduction
 */
export function checkpointPage<Item>(
  all: Item[],
  query: { from?: string | undefined; take?: number | undefined },
): CheckpointPage<Item> {
  const start = Number(query.from ?? 0)
  const end = start + (query.take ?? 50)
  return { items: all.slice(start, end), ...(end < all.length && { next: String(end) }) }
}
