import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/**
 * The largest accepted difference between the clocks of service and tenant, in seconds. It is below the service's own
 * tolerance, because the `Date` header is rounded to a second.
 */
const MAX_DIFFERENCE_SECONDS = 25

/** Whether tenant and service agree on the time. */
export const checkClock: DoctorCheck = ({ config, clock, service }) => {
  if (clock === undefined || service?.clock === undefined) return []
  const apart = Math.round(service.clock - clock)
  if (Math.abs(apart) <= MAX_DIFFERENCE_SECONDS) return []
  return [
    createFinding(
      'clock_skew',
      `The service's clock is ${Math.abs(apart)} s ${apart > 0 ? 'ahead of' : 'behind'} the tenant's.`,
      `Synchronize the clock of the machine behind ${config.appBaseUrl} with NTP.`,
    ),
  ]
}
