import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ofFormat, validationMessage } from '@/local-tenant/management/validation-message'
import { administratorToken, callDomain } from '../support/tenant/management'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()

async function refusal(call: string, body?: unknown): Promise<unknown> {
  const [method = '', path = ''] = call.split(' ')
  const token = await administratorToken(
    tenant,
    'create:users update:users read:connections update:connections create:client_grants create:clients update:clients create:actions',
    tenant.canonicalOrigin,
  )
  const answer = await callDomain(tenant, tenant.canonicalOrigin, {
    method,
    path: `/api/v2${path}`,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
  })
  expect(answer.status).toBe(400)
  return (answer.body as { message: unknown }).message
}

describe('the message of the Management API for a request that its schemas refuse', () => {
  it.each([
    [
      'POST /users',
      { email: 'x@example.com' },
      "Payload validation error: 'Missing required property: connection'.",
    ],
    [
      'POST /users',
      { connection: 'Username-Password-Authentication', username: '' },
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property username (The user's username. Only valid if the connection requires a username).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { name: 'n'.repeat(301) },
      "Payload validation error: 'String is too long (301 chars), maximum 300' on property name (Name of this user).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { email: '' },
      "Payload validation error: 'Object didn't pass validation for format email: ' on property email (Email address of this user).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { phone_number: '12' },
      "Payload validation error: 'String does not match pattern ^\\+[0-9]{1,15}$: 12' on property phone_number (The user's phone number (following the E.164 recommendation)).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { nickname: 5 },
      "Payload validation error: 'Expected type string but found type integer' on property nickname (Preferred nickname or alias of this user).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { blocked: null },
      "Payload validation error: 'Expected type boolean but found type null' on property blocked (Whether this user was blocked by an administrator (true) or not (false)).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { user_metadata: [] },
      "Payload validation error: 'Expected type object but found type array' on property user_metadata (Data related to the user that does not affect the application's core functionality).",
    ],
    [
      'PATCH /users/auth0%7Cann',
      { nickname: '', one: 1, two: 2 },
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property nickname (Preferred nickname or alias of this user). (also) Payload validation error: 'Additional properties not allowed: one,two'.",
    ],
    [
      'POST /users/auth0%7Cann/identities',
      { provider: 'github', user_id: true },
      "Payload validation error: 'None of the valid schemas were met' on property user_id (Unique identifier of the user for this identity). Inner errors: [ Payload validation error: 'Expected type string but found type boolean' on property user_id (Unique identifier of the user for this identity). (also) Payload validation error: 'Expected type integer but found type boolean' on property user_id (Unique identifier of the user for this identity). ].",
    ],
    [
      'POST /clients',
      { name: '<b>' },
      "Payload validation error: 'String does not match pattern ^[^<>]+$: <b>' on property name (Name of this client (min length: 1 character, does not allow `<` or `>`)).",
    ],
    [
      'POST /client-grants',
      { audience: 'https://api', scope: ['a', ''] },
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property scope[1].",
    ],
    [
      'GET /connections?page=two',
      undefined,
      "Query validation error: 'Expected type integer but found type string' on property page.",
    ],
    [
      'GET /connections?take=0',
      undefined,
      "Query validation error: 'Value 0 is less than minimum 1' on property take.",
    ],
    [
      'GET /connections?include_totals=1',
      undefined,
      "Query validation error: 'Expected type boolean but found type string' on property include_totals.",
    ],
  ])('%s %j', async (call, body, message) => {
    expect(await refusal(call, body)).toBe(message)
  })
})

describe('one sentence', () => {
  const say = (schema: z.ZodType, value: unknown) =>
    validationMessage('Payload', schema, schema.safeParse(value, { reportInput: true }).error?.issues ?? [])

  it('names a missing property with the object around it, without a description', () => {
    const schema = z.strictObject({ groups: z.array(z.strictObject({ id: z.string() })).describe('Groups.') })
    expect(say(schema, { groups: [{}] })).toBe(
      "Payload validation error: 'Missing required property: id' on property groups[0].",
    )
  })

  it('shows a description without its full stop', () => {
    const schema = z.strictObject({
      email: ofFormat('email', (text) => text.includes('@')).describe('A group.'),
    })
    expect(say(z.strictObject({ groups: z.array(schema) }), { groups: [{ email: '' }] })).toBe(
      "Payload validation error: 'Object didn't pass validation for format email: ' on property groups[0].email (A group).",
    )
  })

  it.each([
    [z.array(z.string()).min(1), [], 'Array is too short (0), minimum 1'],
    [z.array(z.string()).max(2), ['a', 'b', 'c'], 'Array is too long (3), maximum 2'],
    [z.number().max(600), 601, 'Value 601 is greater than maximum 600'],
    [z.number().int(), 1.5, 'Expected type integer but found type number'],
    [z.enum(['a', 'b']), 3, 'Expected type string but found type integer'],
    [z.record(z.string().max(2), z.string()), { abc: 'd' }, 'String is too long (3 chars), maximum 2'],
  ])('uses the sentence of the validator: %#', (schema, value, sentence) => {
    expect(say(z.strictObject({ it: schema }), { it: value })).toContain(`'${sentence}' on property it`)
  })
})
