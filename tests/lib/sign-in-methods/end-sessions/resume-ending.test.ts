import { beforeEach, describe, expect, it } from 'vitest'
import { type Ending, parseEnding } from '@/core'
import { resumeEnding } from '@/lib/sign-in-methods/end-sessions/resume-ending'
import { services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { atTenant, ENDING_SCOPES, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
beforeEach(() => tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES))

const ANN = 'auth0|ann'
const left = () => [...tenant.state.sessions.keys()]
const noted = () => parseEnding({ app_metadata: tenant.user(ANN).app_metadata })
const toEnd = (fields: Partial<Ending> = {}): Ending => ({
  ...{ before: now(), accounts: [ANN], tokens: [ANN], kept: [] },
  ...fields,
})
const note = (ending: Ending | undefined) => {
  tenant.user(ANN).app_metadata.account_linking = { looked: { until: 1, key: 'k' }, ending }
}
const resume = (ending: Ending, isFirst: boolean, noted = ending.before) =>
  resumeEnding(services(), { accountId: ANN, ending, noted }, isFirst)
const revocations = () => tenant.writes().filter((call) => call.endsWith('/refresh-tokens')).length

describe('resumeEnding, the background job', () => {
  it('ends at the first attempt what the job contains', async () => {
    tenant.begin('old', 100)
    const ending = toEnd()
    note(ending)
    expect(await resume(toEnd({ tokens: [] }), true)).toBe(true)
    expect([left(), noted(), revocations()]).toEqual([[], undefined, 0])
  })

  it('ends at later attempts what is left in the mark', async () => {
    tenant.begin('old', 100)
    tenant.begin('other', 100, 'auth0|bea')
    const ending = toEnd({ accounts: [ANN, 'auth0|bea'], tokens: [ANN, 'auth0|bea'] })
    const { tokens: _tokens, ...rest } = ending
    note({ ...rest, accounts: ['auth0|bea'] })
    expect(await resume(ending, false)).toBe(true)
    expect([left(), noted(), revocations()]).toEqual([['old'], undefined, 0])
  })

  it('uses the time after the link from the job, which is later than that of the mark', async () => {
    tenant.begin('between', -1)
    const ending = toEnd()
    note(ending)
    expect(await resume({ ...ending, before: now() + 2 }, false, ending.before)).toBe(true)
    expect(left()).toEqual([])
  })

  it('ends older sessions but no refresh tokens if the mark is gone, because a login may have overwritten it', async () => {
    tenant.begin('old', 100)
    tenant.begin('new', -5)
    note(undefined)
    expect(await resume(toEnd(), false)).toBe(true)
    expect([left(), revocations()]).toEqual([['new'], 0])
  })

  it('does not touch the mark of a later change', async () => {
    const later = toEnd({ before: now() + 30 })
    note(later)
    await resume(toEnd(), false)
    expect(noted()).toEqual({ ...later, kept: [] })
    expect(revocations()).toBe(0)
  })

  it('is retried if the tenant ends nothing, and is done if the account is deleted', async () => {
    tenant.begin('old', 100)
    const ending = toEnd()
    note(ending)
    tenant.play({ match: { method: 'DELETE' }, effect: { status: 500, body: {} } })
    expect(await resume(ending, false)).toBe(false)
    expect(noted()).toMatchObject({ accounts: [ANN] })
    tenant.mend()
    tenant.state.users.delete(ANN)
    expect(await resume(ending, false)).toBe(true)
  }, 20_000)
})
