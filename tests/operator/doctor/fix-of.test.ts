import { ManagementError } from 'auth0'
import { describe, expect, it } from 'vitest'
import { fixOf } from '@/operator/doctor/fix-of'
import { toOperatorError } from '@/operator/shared/tenant-answers'

const fixFor = (statusCode: number, body: object) => {
  const error = new ManagementError({ message: 'refused', statusCode, body })
  return fixOf(toOperatorError(error), 'Grant the scope.')
}

describe('fixOf', () => {
  it.each([
    [403, { message: 'Insufficient scope, expected any of: read:rules' }, 'Grant the scope.'],
    [403, { message: 'Insufficient privileges to use this deprecated feature.' }, 'Nothing to do: '],
    [403, { message: 'Not for you.', errorCode: 'rules_not_allowed' }, 'Nothing to do: '],
    [403, { message: 'Not for you.', errorCode: 'hooks_not_allowed' }, 'Nothing to do: '],
    [403, { message: 'Please upgrade your subscription.', errorCode: 'insufficient_scope' }, 'plan'],
    [403, { message: 'Nope.', errorCode: 'feature_not_enabled' }, 'plan'],
    [403, { message: 'The inbound directory provisioning feature is not enabled for this tenant' }, 'plan'],
    [503, {}, 'Run the command again.'],
  ])('names the fix for a response %i with %j', (status, body, fix) => {
    expect(fixFor(status, body)).toContain(fix)
    if (fix !== 'Grant the scope.') expect(fixFor(status, body)).not.toContain('Grant')
  })
})
