import 'server-only'
import { nowSeconds } from '../seconds'

/** How long we retry a restore, in seconds: `refused` if the tenant refuses it, `unanswered` if it may succeed later. */
const RETRY_PERIOD_SECONDS = { refused: 86_400, unanswered: 30 * 86_400 }

/**
 * Whether we tried a restore for so long that we give up what could not be restored.
 *
 * @param since - When it was first tried, in seconds since the epoch.
 * @param isRefused - Whether the tenant refuses it, so that another try is likely to be refused too.
 */
export const isGivenUp = (since: number, isRefused: boolean): boolean =>
  nowSeconds() - since >= (isRefused ? RETRY_PERIOD_SECONDS.refused : RETRY_PERIOD_SECONDS.unanswered)
