import { found } from '../catalogue'
import type { Check } from '../facts'

/** How far the service's clock may be from the tenant's, in seconds: what the service takes, less what `Date` is rounded by. */
const MOST = 25

/** Whether tenant and service agree on the time. */
export const checkClock: Check = ({ config, clock, service }) => {
  if (clock === undefined || service?.clock === undefined) return []
  const apart = Math.round(service.clock - clock)
  if (Math.abs(apart) <= MOST) return []
  return [
    found(
      'clock_skew',
      `The service's clock is ${Math.abs(apart)} s ${apart > 0 ? 'ahead of' : 'behind'} the tenant's.`,
      `Set the clock of the machine behind ${config.appBaseUrl} by NTP.`,
    ),
  ]
}
