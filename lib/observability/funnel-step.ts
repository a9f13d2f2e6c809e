import 'server-only'
import type { LogFields } from './log'

/**
 * One step between an offer and a link, in the form in which metrics count it. It holds only our own codes and names, so that the
 * metrics have few series and no personal data.
 */
export interface FunnelStep {
  step: 'offered' | 'proven' | 'answered' | 'declined' | 'failed' | 'linked'
  /** `login` for the redirect flow. For the settings page: `settings`, `settings_linking_client` or `settings_user`. */
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

/** The step for the result in the response token. For `failed` there is none, because the error page already counted it. */
function answered(result: string): FunnelStep | undefined {
  if (result === 'link') return { step: 'answered', way: 'login' }
  return result === 'declined' ? { step: 'declined', way: 'login' } : undefined
}
