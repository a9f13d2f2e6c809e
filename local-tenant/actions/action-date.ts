/**
 * Dates of Actions.
 * @module
 */

/**
 * Writes a date as Auth0 writes those of Actions, versions, secrets and bindings: down to the nanosecond. The clock here knows
 * milliseconds; the rest is zeros.
 *
 * @param time - Milliseconds since the epoch.
 */
export function actionDate(time: number): string {
  return new Date(time).toISOString().replace('Z', '000000Z')
}
