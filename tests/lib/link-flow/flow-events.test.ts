import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LinkingErrorCode } from '@/core/errors'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { services } from '../../support/process/services'
import { aLog, aWebhook, startedWith } from '../events/an-event'

const load = () => import('@/lib/link-flow/flow-events')

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const PASSWORD = { userId: 'auth0|ann', connection: 'db', stays: 'candidate' } as const
const GITHUB = { userId: 'github|ann', connection: 'github', stays: 'candidate' } as const
const aFlow = (changes: Partial<LinkTransaction> = {}) =>
  ({
    sub: 'google-oauth2|ann',
    email: 'ann@example.com',
    clientName: 'Other Company',
    uiLocales: 'en-GB fr',
    candidates: [PASSWORD],
    ...changes,
  }) as LinkTransaction

/** The events that the webhook received. */
async function toldBy(tell: (events: Awaited<ReturnType<typeof load>>) => void) {
  const events = await startedWith(load, { EVENTS_INCLUDE_EMAIL: '1' })
  const attempts = aWebhook()
  const log = aLog()
  tell(events)
  const { length } = log.lines('account_event')
  await vi.waitFor(() => expect(attempts).toHaveLength(length))
  return attempts.map(({ body }) => JSON.parse(body))
}

describe('emitDeclined', () => {
  const answer = { sub: 'google-oauth2|ann', never: true }

  it('names the login, and the offered account if it was the only one', async () => {
    expect(await toldBy(({ emitDeclined }) => emitDeclined(services(), answer, aFlow()))).toEqual([
      {
        type: 'account.link_declined',
        timestamp: expect.any(String),
        data: {
          user_id: 'google-oauth2|ann',
          email: 'ann@example.com',
          other_user_id: 'auth0|ann',
          provider: 'auth0',
          connection: 'db',
          way: 'login',
          client_name: 'Other Company',
          never: true,
        },
      },
    ])
  })

  it.each([
    ['several were offered', aFlow({ candidates: [PASSWORD, GITHUB] })],
    ['the flow has expired', undefined],
  ])('names no other account if %s', async (_when, flow) => {
    const [{ data }] = await toldBy(({ emitDeclined }) => emitDeclined(services(), answer, flow))
    expect(data).toMatchObject({ user_id: 'google-oauth2|ann', way: 'login', never: true })
    expect(data).not.toHaveProperty('other_user_id')
  })
})

describe('emitRefused', () => {
  it.each<[LinkingErrorCode, number]>([
    ['wrong_account', 1],
    ['same_account', 1],
    ['mfa_required', 1],
    ['unverified', 1],
    ['not_available', 1],
    ['reauth_required', 1],
    ['sign_in_failed', 0],
    ['bad_id_token', 0],
    ['bad_issuer', 0],
    ['tenant_unreachable', 0],
    ['internal', 0],
  ])('for %s sends %i events', async (code, times) => {
    const told = await toldBy(({ emitRefused }) => emitRefused(services(), aFlow(), code, PASSWORD))
    expect(told.map(({ type, data }) => [type, data.reason, data.user_id, data.other_user_id])).toEqual(
      Array.from({ length: times }, () => ['account.link_refused', code, 'google-oauth2|ann', 'auth0|ann']),
    )
  })
})
