import { beforeEach, describe, expect, it } from 'vitest'
import type { OperatorAct } from '@/lib/console/acts/act'
import { carryOut, planAct } from '@/lib/console/acts/carry-out'
import { isOperator } from '@/lib/console/operator'
import { readPerson } from '@/lib/console/person'
import { type ConsoleServices, createConsoleServices } from '@/lib/console/services'
import { personView } from '@/lib/console/views/person-view'
import { testConfig } from '../../support/process/services'
import { now } from '../sign-in-methods/a-session'
import { atTenant } from '../sign-in-methods/at-tenant'

const tenant = await atTenant()
const GRANTED = {
  resource_server_identifier: 'http://localhost:3000/console',
  permission_name: 'operate:account_linking',
}
const REASON = 'Ticket 4711'

function servicesWith(environment: Record<string, string> = {}): ConsoleServices {
  const made = createConsoleServices(testConfig({ CONSOLE: 'on', ...environment }))
  if (!made) throw new Error('there is no console')
  return made
}
const session = (changes = {}) => ({
  ...{ id: 'one', userId: 'auth0|olga', authTime: now(), since: now() },
  ...changes,
})
const END: OperatorAct = { kind: 'end-sessions', userId: 'auth0|dee' }
const agreedOn = async (act: OperatorAct) => (await planAct(servicesWith(), act)).digest

beforeEach(() => {
  tenant.change('auth0|olga', {
    rights: { roles: [], permissions: [GRANTED], organizations: [], authentication_methods: [] },
  })
})

describe('isOperator', () => {
  const is = (userId: string, environment = {}) => {
    const services = servicesWith(environment)
    return isOperator(services, services.managementApi(), userId)
  }

  it('is true with the permission, or for a subject of CONSOLE_SUBJECTS', async () => {
    expect(await is('auth0|olga')).toBe(true)
    expect(await is('auth0|dee')).toBe(false)
    expect(await is('auth0|dee', { CONSOLE_SUBJECTS: 'auth0|ann, auth0|dee' })).toBe(true)
  })

  it('is false for an account that is blocked, deleted, or part of another one', async () => {
    const named = { CONSOLE_SUBJECTS: 'auth0|dee,auth0|gone' }
    expect(await is('auth0|gone', named)).toBe(false)
    tenant.change('auth0|dee', { blocked: true })
    expect(await is('auth0|dee', named)).toBe(false)
  })

  it.each([
    ['of another API', { ...GRANTED, resource_server_identifier: 'http://localhost:3000/api' }],
    ['of another name', { ...GRANTED, permission_name: 'read:sign_in_methods' }],
  ])('is false with a permission %s', async (_what, permission) => {
    tenant.change('auth0|olga', {
      rights: { roles: [], permissions: [permission], organizations: [], authentication_methods: [] },
    })
    expect(await is('auth0|olga')).toBe(false)
  })
})

describe('carryOut', () => {
  it('does what the operator agreed to', async () => {
    const agreed = await agreedOn(END)
    tenant.begin('old', 60, 'auth0|dee')
    expect(await carryOut(servicesWith(), session(), END, { agreed, reason: REASON })).toBe('auth0|dee')
    expect(tenant.told()).toEqual(['operator.acted'])
  })

  it.each([
    ['reauth_required', { authTime: now() - 601 }, REASON],
    ['reauth_required', { authTime: now() + 600 }, REASON],
    ['bad_request', {}, ''],
  ])('refuses with %s', async (code, changes, reason) => {
    const agreed = await agreedOn(END)
    const act = carryOut(servicesWith(), session(changes), END, { agreed, reason })
    await expect(act).rejects.toMatchObject({ code })
    expect(tenant.writes()).toEqual([])
    expect(tenant.told()).toEqual([])
  })

  it('checks the permission once more right before the act', async () => {
    const agreed = await agreedOn(END)
    tenant.change('auth0|olga', {
      rights: { roles: [], permissions: [], organizations: [], authentication_methods: [] },
    })
    const act = carryOut(servicesWith(), session(), END, { agreed, reason: REASON })
    await expect(act).rejects.toMatchObject({ code: 'blocked' })
    expect(tenant.writes()).toEqual([])
  })

  it('refuses if the operator agreed to another plan', async () => {
    const act = carryOut(servicesWith(), session(), END, { agreed: '000000000000', reason: REASON })
    await expect(act).rejects.toMatchObject({ code: 'changed' })
    expect(tenant.writes()).toEqual([])
  })

  it('allows twenty acts a minute', async () => {
    const act = () => carryOut(servicesWith(), session(), END, { agreed: 'x', reason: REASON })
    for (let count = 0; count < 20; count += 1) await expect(act()).rejects.toMatchObject({ code: 'changed' })
    await expect(act()).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('makes no link while OPERATOR_LINKS is off', async () => {
    const link: OperatorAct = { kind: 'link', userId: 'auth0|ann', target: 'google-oauth2|ann-g' }
    await expect(planAct(servicesWith(), link)).rejects.toMatchObject({ code: 'not_linkable_here' })
    expect(await planAct(servicesWith({ OPERATOR_LINKS: 'on' }), link)).toHaveProperty('digest')
  })

  it.each([
    ['a role', { roles: ['editor'] }],
    ['the permission of an operator', { permissions: [GRANTED] }],
    ['a membership', { organizations: [{ name: 'acme', roles: [] }] }],
    ['a factor', { authentication_methods: [{ id: 'x', type: 'passkey' as const, confirmed: true }] }],
  ])('does not link an account with %s', async (_what, held) => {
    const services = servicesWith({ OPERATOR_LINKS: 'on' })
    const none = { roles: [], permissions: [], organizations: [], authentication_methods: [] }
    tenant.change('google-oauth2|ann-g', { rights: { ...none, ...held } as never })
    const link: OperatorAct = { kind: 'link', userId: 'auth0|ann', target: 'google-oauth2|ann-g' }
    await expect(planAct(services, link)).rejects.toMatchObject({ code: 'restricted' })
  })

  it('does not link an account that CONSOLE_SUBJECTS lists', async () => {
    const services = servicesWith({ OPERATOR_LINKS: 'on', CONSOLE_SUBJECTS: 'google-oauth2|ann-g' })
    const link: OperatorAct = { kind: 'link', userId: 'auth0|ann', target: 'google-oauth2|ann-g' }
    await expect(planAct(services, link)).rejects.toMatchObject({ code: 'restricted' })
  })

  it.each([
    ['was declined', {}, 'Declined', false],
    ['would fail again', { failed: true }, 'The link failed', false],
    ['was reported as not theirs', { disputed: true }, 'Reported as “not mine”', true],
  ])('shows that a link %s, and warns before clearing that', async (_what, why, words, isWarning) => {
    const declined = { '0123456789ab': { until: 0, at: 1_700_000_000, ...why } }
    tenant.change('auth0|dee', { app_metadata: { account_linking: { declined } } })
    const services = servicesWith()
    const person = await readPerson(services, services.managementApi(), 'auth0|dee')
    const [list] = personView(services, person, undefined).sections.filter(({ id }) => id === 'declines')
    expect(list?.items.map(({ facts: [why] }) => why?.[0])).toEqual([words])
    const act: OperatorAct = { kind: 'clear-decline', userId: 'auth0|dee', target: '0123456789ab' }
    const { effects } = await planAct(services, act)
    expect(effects.some((effect) => effect.includes('not theirs'))).toBe(isWarning)
  })

  it('ends no sessions while an earlier end of sessions is in progress', async () => {
    const agreed = await agreedOn(END)
    const ending = { before: now(), accounts: ['auth0|dee'], kept: [] }
    tenant.change('auth0|dee', { app_metadata: { account_linking: { ending } } })
    const act = carryOut(servicesWith(), session(), END, { agreed, reason: REASON })
    await expect(act).rejects.toMatchObject({ code: 'busy' })
    expect(tenant.writes()).toEqual([])
  })
})
