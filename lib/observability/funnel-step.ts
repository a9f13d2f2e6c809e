import 'server-only'
import type { LogFields } from './log'

/**
 * One step of the way from an offer to a link, as it is counted. Codes and names of ours only, so that there are few
 * series and nothing of anybody in them.
 */
export interface FunnelStep {
  step: 'offered' | 'proven' | 'answered' | 'declined' | 'failed' | 'linked'
  /** `login`: the redirect flow; else the way of the page "Sign-in methods". */
  way: string
  /** Of `failed`: the code. */
  reason?: string
}

/**
 * Which step a line of the log tells of. Counters and log can thus never disagree.
 *
 * @param event - Its name.
 * @param fields - What it holds.
 * @returns Undefined for a line that tells of none.
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

/** What goes on after a page that said no was counted there. */
function answered(result: string): FunnelStep | undefined {
  if (result === 'link') return { step: 'answered', way: 'login' }
  return result === 'declined' ? { step: 'declined', way: 'login' } : undefined
}
