import { isDeepStrictEqual } from 'node:util'
import type { ActualApi } from '../shared/actual'
import type { DesiredApi } from '../shared/desired'
import type { Change, FieldValues } from './change'

/** Fields that are not updated: the operator may change `name`, and we recognize the API by `identifier`. */
const UNMANAGED_FIELDS = ['name', 'identifier']

/**
 * Plans the changes to an Auth0 API of the service. Keeps scopes that others added, and fields that the API's file in
 * `auth0/` does not name.
 *
 * @param api - The desired API; undefined if the service offers none.
 * @param apis - The tenant's APIs.
 */
export function planApi(api: DesiredApi | undefined, apis: ActualApi[]): Change[] {
  if (!api) return []
  const { identifier, name } = api
  const present = apis.find((each) => each.identifier === identifier)
  if (!present) return [{ kind: 'create_api', identifier, name, body: api }]
  const { before, after } = differences(api, present)
  if (Object.keys(after).length === 0) return []
  return [{ kind: 'update_api', id: present.id, name: present.name, before, after }]
}

function differences(api: DesiredApi, present: ActualApi): { before: FieldValues; after: FieldValues } {
  const before: FieldValues = {}
  const after: FieldValues = {}
  for (const [field, wanted] of Object.entries(api)) {
    if (UNMANAGED_FIELDS.includes(field)) continue
    const becomes = field === 'scopes' ? withMissing(present.scopes, api.scopes) : wanted
    if (isDeepStrictEqual(becomes, present[field])) continue
    before[field] = present[field]
    after[field] = becomes
  }
  return { before, after }
}

/** Adds missing scopes to the present ones, which keep the operator's descriptions. */
function withMissing(present: ActualApi['scopes'], wanted: ActualApi['scopes']): ActualApi['scopes'] {
  return [...present, ...wanted.filter(({ value }) => !present.some((each) => each.value === value))]
}
