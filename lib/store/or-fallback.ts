import 'server-only'
import { LinkingError } from '@/core/errors'

/**
 * Uses a fallback if the store is down. Use this only if going on without the store can never create a link that the store would
 * have prevented.
 *
 * @param answer - A promise of the store. Errors other than `store_unavailable` pass through.
 * @param fallback - The result if the store is down.
 */
export async function fallBackIfStoreDown<Answer, Fallback>(
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
