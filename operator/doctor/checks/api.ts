import type { ActualApi } from '../../shared/actual'
import type { DesiredApi } from '../../shared/desired'
import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** Whether applications and operators can get tokens for the service's APIs. */
export const checkApi: DoctorCheck = ({ desired: { api, consoleApi }, apis }) =>
  apis ? [api, consoleApi].flatMap((each) => (each ? findingsOf(each, apis) : [])) : []

function findingsOf(api: DesiredApi, apis: ActualApi[]): ReturnType<DoctorCheck> {
  const present = apis.find(({ identifier }) => identifier === api.identifier)
  const fix = 'Run npm run provision -- apply.'
  if (!present) return [createFinding('api_missing', `The tenant has no API ${api.identifier}.`, fix)]
  const missing = api.scopes.filter(({ value }) => !present.scopes.some((each) => each.value === value))
  // Without these settings, tokens for the console hold no permissions.
  const unequal = ['enforce_policies', 'token_dialect'].filter((field) => present[field] !== api[field])
  const wrong = [
    ...(present.signing_alg === api.signing_alg ? [] : [`signs with ${present.signing_alg}`]),
    ...missing.map(({ value }) => `lacks the scope ${value}`),
    ...(api.enforce_policies ? unequal.map((field) => `has another ${field}`) : []),
  ]
  if (wrong.length === 0) return []
  return [createFinding('api_differs', `The API ${api.identifier} ${wrong.join(' and ')}.`, fix)]
}
