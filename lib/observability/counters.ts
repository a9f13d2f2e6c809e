/**
 * The counters that the service exports, and the log lines that they count. `docs/reference/monitoring` has a dashboard and alert rules
 * for them, and a test compares their names with these.
 * @module
 */
import 'server-only'
import { ERROR_FACTS } from '@/core/errors'
import { type FunnelStep, toFunnelStep } from './funnel-step'
import type { LogFields } from './log'

/** Something that was given up, or not sent. */
interface Loss {
  what: keyof typeof LOSSES
  code: string
}

/** The counters by their names. Prometheus calls them by {@link toPrometheusName}. */
export const COUNTERS = {
  steps: {
    name: 'account_linking.steps',
    unit: '{step}',
    description: 'Steps from an offer to a link',
    attributes: ['step', 'way', 'reason'],
  },
  lost: {
    name: 'account_linking.lost',
    unit: '{loss}',
    description: 'What was given up, or not sent',
    attributes: ['what', 'code'],
  },
  apiLimited: {
    name: 'account_linking.api_limited',
    unit: '{call}',
    description: "Management API calls that the tenant's rate limit refused",
    attributes: [],
  },
} as const

/** Codes of a job that is given up. */
const GIVEN_UP = ['attempts_used', 'gone', 'internal', 'queue_full']

/** What can be lost: the log line that reports it, and the codes that it usually has. */
export const LOSSES = {
  /** An event that the webhook or the stream does not get. */
  event: { lines: ['event_lost'], codes: [...GIVEN_UP, 'not_streamed'] },
  /** A step of an adoption that the operator's application does not get. */
  adoption: { lines: ['adoption_lost'], codes: GIVEN_UP },
  mail: { lines: ['mail_lost', 'mail_dropped'], codes: [...GIVEN_UP, 'bounced', 'limit', 'no_address'] },
  /** A login that could not be offered a link, because Redis was down. */
  offer: { lines: ['login_continued'], codes: ['store_unavailable'] },
  /** Sessions or refresh tokens that could not be ended yet. */
  access: {
    lines: ['access_not_ended'],
    codes: [...GIVEN_UP, 'management_failed', 'missing_scope', 'tenant_unreachable'],
  },
} as const

/**
 * The loss that a log line reports.
 *
 * @param event - The event of the log line.
 * @param fields - The other fields of the log line.
 * @returns Undefined if the line reports no loss.
 */
export function toLoss(event: string, fields: LogFields): Loss | undefined {
  const code = event === 'login_continued' ? fields.cause : fields.code
  const [what] = WHATS.filter((each) => (LOSSES[each].lines as readonly string[]).includes(event))
  return what && code !== undefined ? { what, code: String(code) } : undefined
}

const WHATS = Object.keys(LOSSES) as (keyof typeof LOSSES)[]

/** Whether a log line reports an API call that the tenant's rate limit refused. */
export const isApiLimited = (event: string): boolean => event === 'api_limited'

/** Codes of errors that the operator has to fix. */
export const FAULTS = Object.entries(ERROR_FACTS)
  .filter(([, { severity }]) => severity === 'error')
  .map(([code]) => code)

/** The series of steps that begin at zero. Prometheus does not see a rise in a series that begins with its first count. */
export const FIRST_STEPS: FunnelStep[] = [
  ...['flow_opened', 'flow_proven'].map((line) => toFunnelStep(line, {})),
  ...['link', 'declined'].map((result) => toFunnelStep('flow_answered', { result })),
  toFunnelStep('account_event', { type: 'account.linked', way: 'login' }),
  ...FAULTS.map((code) => toFunnelStep('refused', { code })),
].filter((step) => step !== undefined)

/** The series of losses that begin at zero. */
export const FIRST_LOSSES: Loss[] = WHATS.flatMap((what) =>
  LOSSES[what].codes.map((code) => ({ what, code })),
)

/**
 * The name that a counter has in Prometheus.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#otlp-metric-points-to-prometheus OTLP to Prometheus}
 */
export const toPrometheusName = ({ name }: { name: string }): string => `${name.replaceAll('.', '_')}_total`
