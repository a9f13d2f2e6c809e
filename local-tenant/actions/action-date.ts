/**
 * The date format of Actions.
 * @module
 */

/**
 * Formats a date as Auth0 does for Actions, versions, secrets and bindings: to the nanosecond. The tenant's clock has
 * milliseconds, so the remaining digits are zeros.
 *
 * @param time - Milliseconds since the epoch.
 */
export function actionDate(time: number): string {
  return new Date(time).toISOString().replace('Z', '000000Z')
}
