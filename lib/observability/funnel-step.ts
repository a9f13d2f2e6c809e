import 'server-only'
import type { LogFields } from './log'

/** The steps, in the order in which people take them, then the two ends without a link. */
export const FUNNEL_STEPS = ['offered', 'proven', 'answered', 'linked', 'declined', 'failed'] as const
export type FunnelStepName = (typeof FUNNEL_STEPS)[number]

/**
 * One step between an offer and a link, in the form in which metrics count it. It holds only our own codes and names, so that the
 * metrics have few series and no personal data.
 */
export interface FunnelStep {
  step: FunnelStepName
  /**
   * `login` for the redirect flow. For the settings page: `settings`, `settings_linking_client` or `settings_user`. Only for
   * `linked` also `operator`, and `foreign` for a link that this project did not make.
   */
  way: string
  /** The error code of a `failed` step. */
  reason?: string
}

/**
 * The step that a log line reports. Metrics are counted from log lines, so the two can never disagree.
 *
 * @param event - The event of the log line.
 * @param fields - The other fields of the log line.
 * @returns Undefined if the line reports no step.
 */
export function toFunnelStep(event: string, fields: LogFields): FunnelStep | undefined {
  const text = (name: string) => String(fields[name])
  switch (event) {
    case 'flow_opened':
      return { step: 'offered', way: 'login' }
    case 'flow_proven':
      return { step: 'proven', way: 'login' }
    case 'flow_answered':
      return answered(text('result'))
    case 'refused':
      return { step: 'failed', way: 'login', reason: text('code') }
    case 'settings_refused':
      return { step: 'failed', way: 'settings', reason: text('code') }
    case 'account_event':
      return fields.type === 'account.linked' ? { step: 'linked', way: text('way') } : undefined
    default:
      return undefined
  }
}

/** Where a step happened, in the form in which the console's funnel counts it. */
export interface StepPlace {
  /** The `client_id` of the application, or `(unknown)`. */
  application: string
  /** The connection of the account that becomes part of the other one, {@link SEVERAL} or `(unknown)`. */
  connection: string
}

// Auth0 allows no brackets in the names of connections and in client ids, so no real name is the same as one of these.
/** The connection of a step at which several accounts are offered, of different connections, and the person has not chosen one. */
export const SEVERAL = '(several)'
/** The name of an application or a connection that a log line does not say. */
const UNKNOWN = '(unknown)'

/** The application and the connection that a log line names. */
export const toStepPlace = ({ client_id, connection }: LogFields): StepPlace => ({
  application: String(client_id ?? UNKNOWN),
  connection: String(connection ?? UNKNOWN),
})

/** The step for the result in the response token. For `failed` there is none, because the error page already counted it. */
function answered(result: string): FunnelStep | undefined {
  if (result === 'link') return { step: 'answered', way: 'login' }
  return result === 'declined' ? { step: 'declined', way: 'login' } : undefined
}
