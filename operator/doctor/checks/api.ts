import { found } from '../catalogue'
import type { Check } from '../facts'

/** Whether applications can get tokens for the service's API. */
export const checkApi: Check = ({ desired: { api }, apis }) => {
  if (!api || !apis) return []
  const present = apis.find(({ identifier }) => identifier === api.identifier)
  const fix = 'Run npm run provision -- apply.'
  if (!present) return [found('api_missing', `The tenant has no API ${api.identifier}.`, fix)]
  const missing = api.scopes.filter(({ value }) => !present.scopes.some((each) => each.value === value))
  const wrong = [
    ...(present.signing_alg === api.signing_alg ? [] : [`signs with ${present.signing_alg}`]),
    ...missing.map(({ value }) => `lacks the scope ${value}`),
  ]
  if (wrong.length === 0) return []
  return [found('api_differs', `The API ${api.identifier} ${wrong.join(' and ')}.`, fix)]
}
