/**
 * Secrets of the Action that may be left out. The rules that both sides decide by are set once, in the service's environment.
 * @module
 */
import { type OptionName, POLICY_OPTIONS, SECRET_PREFIX } from '../../core/rules/policy-options'
import type { Variables } from './env-file'

/** The rules of linking. The service has each as a variable, the Action as a secret. */
export const RULES = Object.values(POLICY_OPTIONS)

/** The name that a rule has among the Action's secrets. */
export const secretOf = (rule: OptionName) => `${SECRET_PREFIX}${rule}`

/**
 * The secrets that the operator gives a value: the rules of the service, the address at which the Action reports its links, the one
 * that it asks before a link, and every variable that has the name of a secret, which is stronger.
 *
 * @param values - Of the service's environment.
 * @param needed - Names of the secrets that may not be left out; they are not among what is returned.
 */
export function furtherSecrets(values: Variables, needed: string[]): { name: string; value: string }[] {
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
