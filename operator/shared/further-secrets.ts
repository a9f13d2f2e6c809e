/**
 * Secrets of the Action that may be left out. What both sides decide by is said once, in the service's environment.
 * @module
 */
import type { Variables } from './env-file'

/** Variables of the service that are rules of linking. The Action has each as a secret. */
export const RULES = [
  'TRUSTED_CONNECTIONS',
  'BLOCKED_CONNECTIONS',
  'PROVISIONED_CONNECTIONS',
  'PRIMARY',
  'USER_METADATA',
  'APP_METADATA_KEYS',
  'REFUSE_APP_METADATA_KEYS',
] as const

const PREFIX = 'ACCOUNT_LINKING_'

/** The name that a rule has among the Action's secrets. */
export const secretOf = (rule: (typeof RULES)[number]) => `${PREFIX}${rule}`

/**
 * The secrets that the operator gives a value: the rules of the service, where the Action reports its links, and whatever is
 * named as the Action names it, which is stronger.
 *
 * @param values - Of the service's environment.
 * @param needed - Names of the secrets that may not be left out; they are not among what is returned.
 */
export function furtherSecrets(values: Variables, needed: string[]): { name: string; value: string }[] {
  const { APP_BASE_URL: app = '', ACTION_EVENTS_SECRET: bearer = '' } = values
  const rules = RULES.map((rule) => [secretOf(rule), values[rule] ?? ''] as const)
  const report = [
    ['EVENTS_WEBHOOK_URL', bearer && `${app}/events`] as const,
    ['EVENTS_WEBHOOK_SECRET', bearer] as const,
  ]
  const named = Object.entries(values).filter(([name]) => name.startsWith(PREFIX) && !needed.includes(name))
  const byName = new Map([...rules, ...report, ...named])
  return [...byName].flatMap(([name, value]) => (value === '' ? [] : [{ name, value }]))
}
