import 'server-only'
import { nowSeconds } from '../seconds'

/** How long a restore is retried, in seconds, if the tenant refuses it or if it does not respond. */
const RETURN_TRIES_SECONDS = { refused: 86_400, unanswered: 30 * 86_400 }

/**
 * Whether a restore was tried for so long that we give up what could not be restored.
 *
 * @param since - When it was first tried, in seconds since the epoch.
 * @param isRefused - Whether the tenant refuses it, so that another try is likely to be refused too.
 */
export const isGivenUp = (since: number, isRefused: boolean): boolean =>
  nowSeconds() - since >= (isRefused ? RETURN_TRIES_SECONDS.refused : RETURN_TRIES_SECONDS.unanswered)
