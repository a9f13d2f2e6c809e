import 'server-only'
import { LinkingError } from '@/core/errors'

/**
 * Falls back if the store is down. Use only where proceeding cannot create a link the store would have prevented.
 *
 * @param answer - Of the store. Errors other than `store_unavailable` pass through.
 * @param fallback - The result if the store does not answer.
 */
export async function orFallback<Answer, Fallback>(
  answer: Promise<Answer>,
  fallback: Fallback,
): Promise<Answer | Fallback> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof LinkingError && error.code === 'store_unavailable') return fallback
    throw error
  }
}
