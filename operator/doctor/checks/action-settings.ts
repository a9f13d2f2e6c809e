import { isDeepStrictEqual } from 'node:util'
import { normalizedList } from '../../../core/rules/connection-list'
import { Environment } from '../../../lib/config/environment'
import { fingerprint } from '../../shared/fingerprint'
import { RULES, secretOf } from '../../shared/further-secrets'
import { respelledDesired } from '../../shared/list-spelling'
import { type Finding, found } from '../catalogue'
import type { Check } from '../facts'
import { isBuiltHere } from './action'

const CODE = 'action_settings_differ'

/** Whether the Action's settings agree with the service's environment. */
export const checkActionSettings: Check = ({ actions, desired: written, fingerprints, connections }) => {
  // What `apply` would set now. An earlier `apply` may have set the same lists in the old spelling.
  const desired = respelledDesired(written, connections ?? [])
  const action = actions?.find(isBuiltHere)
  if (!action) return []
  const findings: Finding[] = []
  const untold = desired.action.secrets.filter(({ name, value }, index) => {
    if (!desired.further.includes(name)) return false
    if (!action.secrets.includes(name)) return !isDefault(name, value)
    const known = fingerprints[name]
    const spellings = [value, written.action.secrets[index]?.value ?? value]
    return known !== undefined && !spellings.map(fingerprint).includes(known)
  })
  if (untold.length > 0) {
    const names = untold.map(({ name }) => name).join(', ')
    const what = `The Action does not have the values that this environment has for ${names}.`
    findings.push(found(CODE, what, 'Run npm run provision -- apply.'))
  }
  const alone = RULES.filter((rule) => {
    const name = secretOf(rule)
    return action.secrets.includes(name) && !desired.further.includes(name)
  })
  if (alone.length > 0) {
    const what = `The Action has ${alone.map(secretOf).join(', ')}, which this environment does not set.`
    const fix = `Set ${alone.join(', ')} in the service's environment, or delete the Action's secret and deploy the Action.`
    findings.push(found(CODE, what, fix))
  }
  return findings
}

/** Whether a secret's value is the default that the Action has without it. */
function isDefault(name: string, value: string): boolean {
  const rule = RULES.find((each) => secretOf(each) === name)
  if (!rule) return false
  const schema = Environment.shape[rule]
  const [given, standard] = [schema.safeParse(value).data, schema.parse(undefined)]
  // The order of a list matters only in PRIMARY.
  const comparable = (each: typeof standard | undefined) =>
    Array.isArray(each) && rule !== 'PRIMARY' ? normalizedList(each) : each
  return isDeepStrictEqual(comparable(given), comparable(standard))
}
