import 'server-only'
import { LinkingError } from '@/core/errors'

/**
 * Goes on where the store does not answer. Only for what makes no link possible that an answer would have stopped.
 *
 * @param answer - Of the store. Errors other than `store_unavailable` pass through.
 * @param otherwise - What counts instead.
 */
export async function orFallback<Answer, Otherwise>(
  answer: Promise<Answer>,
  otherwise: Otherwise,
): Promise<Answer | Otherwise> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof LinkingError && error.code === 'store_unavailable') return otherwise
    throw error
  }
}
