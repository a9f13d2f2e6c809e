import 'server-only'
import type { LogFields } from './log'

/**
 * One step of the way from an offer to a link, as it is counted. It holds only our own codes and names, so that there are few
 * series and no personal data in them.
 */
export interface FunnelStep {
  step: 'offered' | 'proven' | 'answered' | 'declined' | 'failed' | 'linked'
  /** `login`: the redirect flow; else the way of the page "Sign-in methods". */
  way: string
  /** Of `failed`: the code. */
  reason?: string
}

/**
 * The step that a line of the log reports. Counters and log can thus never disagree.
 *
 * @param event - Its name.
 * @param fields - What it holds.
 * @returns Undefined if the line reports none.
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

/** An answer of the person. A login that goes on after an error page was counted as failed there. */
function answered(result: string): FunnelStep | undefined {
  if (result === 'link') return { step: 'answered', way: 'login' }
  return result === 'declined' ? { step: 'declined', way: 'login' } : undefined
}
