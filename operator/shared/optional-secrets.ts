/**
 * The Action's optional secrets. The operator sets the linking rules once, in the service's environment, and `apply` copies
 * them to these secrets.
 * @module
 */
import { type OptionName, POLICY_OPTIONS, SECRET_PREFIX } from '../../core/rules/policy-options'
import type { Variables } from './env-file'

/** The linking rules. Each is a variable of the service and a secret of the Action. */
export const RULES = Object.values(POLICY_OPTIONS)

/** The name of the Action's secret for a rule. */
export const secretOf = (rule: OptionName) => `${SECRET_PREFIX}${rule}`

/**
 * The optional secrets that have a value: the service's rules, the URL to which the Action reports links, the URL of the
 * application that it asks before a link, and every variable whose name begins with `ACCOUNT_LINKING_`. The last kind
 * overrides the others.
 *
 * @param values - The service's environment.
 * @param needed - Names of the required secrets, which are left out of the result.
 */
export function readOptionalSecrets(values: Variables, needed: string[]): { name: string; value: string }[] {
  const { APP_BASE_URL: app = '', ACTION_EVENTS_SECRET: bearer = '' } = values
  const rules = RULES.map(({ name }) => [secretOf(name), values[name] ?? ''] as const)
  const report = [
    ['EVENTS_WEBHOOK_URL', bearer && `${app}/events`] as const,
    ['EVENTS_WEBHOOK_SECRET', bearer] as const,
    ...['ADOPTION_URL', 'ADOPTION_SECRET'].map((name) => [name, values[name] ?? ''] as const),
  ]
  const named = Object.entries(values).filter(
    ([name]) => name.startsWith(SECRET_PREFIX) && !needed.includes(name),
  )
  const byName = new Map([...rules, ...report, ...named])
  return [...byName].flatMap(([name, value]) => (value.trim() === '' ? [] : [{ name, value }]))
}
