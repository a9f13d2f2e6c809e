import { isDeepStrictEqual } from 'node:util'
import { normalizedList } from '../../../core/rules/connection-list'
import type { PolicyOption } from '../../../core/rules/policy-options'
import { readOption } from '../../../core/rules/read-options'
import { fingerprint } from '../../shared/fingerprint'
import { respelledDesired } from '../../shared/list-spelling'
import { RULES, secretOf } from '../../shared/optional-secrets'
import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck } from '../facts'
import { isBuiltHere } from './action'

const CODE = 'action_settings_differ'

/** Whether the Action's settings agree with the service's environment. */
export const checkActionSettings: DoctorCheck = ({
  actions,
  desired: written,
  fingerprints,
  connections,
}) => {
  // `apply` would now write `strategy:connection` in lists of connections (`desired`). An earlier `apply` may have set the
  // lists as the operator wrote them (`written`), with names only. Accept both spellings.
  const desired = respelledDesired(written, connections ?? [])
  const action = actions?.find(isBuiltHere)
  if (!action) return []
  const findings: Finding[] = []
  const differing = desired.action.secrets.filter(({ name, value }, index) => {
    if (!desired.optionalSecretNames.includes(name)) return false
    if (!action.secrets.includes(name)) return !isDefault(name, value)
    const known = fingerprints[name]
    const spellings = [value, written.action.secrets[index]?.value ?? value]
    return known !== undefined && !spellings.map(fingerprint).includes(known)
  })
  if (differing.length > 0) {
    const names = differing.map(({ name }) => name).join(', ')
    const what = `The Action does not have the values that this environment has for ${names}.`
    findings.push(createFinding(CODE, what, 'Run npm run provision -- apply.'))
  }
  const onlyInAction = RULES.map(({ name }) => name).filter((rule) => {
    const secret = secretOf(rule)
    return action.secrets.includes(secret) && !desired.optionalSecretNames.includes(secret)
  })
  if (onlyInAction.length > 0) {
    const what = `The Action has ${onlyInAction.map(secretOf).join(', ')}, which this environment does not set.`
    const fix = `Set ${onlyInAction.join(', ')} in the service's environment, or delete the Action's secret and deploy the Action.`
    findings.push(createFinding(CODE, what, fix))
  }
  return findings
}

/** Whether a secret only repeats the Action's default, so that it may be missing. */
function isDefault(name: string, value: string): boolean {
  const rule = RULES.find((each) => secretOf(each.name) === name)
  if (!rule) return false
  // The order of a list matters only if it states a preference.
  const comparable = (said?: string) => {
    const read = readOption<PolicyOption>(rule, said).value
    return Array.isArray(read) && rule.kind !== 'order' ? normalizedList(read) : read
  }
  return isDeepStrictEqual(comparable(value), comparable())
}
