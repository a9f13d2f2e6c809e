import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { onExecutePostLogin } from '@/action/action'
import { adoptionSender } from '@/action/adoption'
import { link } from '@/action/link'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { parseUser, snapshotKeyOf } from '@/core'
import { anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD, SECRETS } from '../../support/action/platform'

const platform = anActionPlatform()
const ADOPTION_URL = 'https://shop.example/adoptions'
const ADOPTION_SECRET = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`
const ADOPT = `POST ${ADOPTION_URL}`
const DATA = {
  adoption_id: 'a1',
  primary_user_id: PASSWORD,
  secondary_user_id: GOOGLE,
  way: 'login',
  client_id: 'demo-app',
}
const settingsWith = (secrets: Record<string, string>) => {
  const settings = readSettings({ ...SECRETS, ...secrets })
  if (!settings) throw new Error('no settings')
  return settings
}
const aSender = (secret = ADOPTION_SECRET, left = 60_000) => {
  const send = adoptionSender(settingsWith({ ADOPTION_URL, ADOPTION_SECRET: secret }), {
    timeLeft: () => left,
  })
  if (!send) throw new Error('no sender')
  return send
}
const stepsSent = () =>
  platform.calls
    .filter(({ name }) => name === ADOPT)
    .map(({ body }) => (body as { type: string }).type.replace('account.adoption.', ''))

describe('adoptionSender', () => {
  it('is undefined if the operator configured no application', () => {
    expect(adoptionSender(settingsWith({ ADOPTION_SECRET }), { timeLeft: () => 1 })).toBeUndefined()
  })

  it('signs as Standard Webhooks says, and follows no redirect', async () => {
    expect(await aSender()('prepare', DATA)).toBe(true)
    const [{ name, headers, body, redirect } = expect.fail()] = platform.calls
    expect([name, redirect]).toEqual([ADOPT, 'error'])
    expect(headers['webhook-id']).toBe('a1.account.adoption.prepare')
    expect(new Webhook(ADOPTION_SECRET).verify(JSON.stringify(body), headers)).toEqual(body)
  })

  it.each([
    ['prepare', 60_000, 3_000],
    ['commit', 60_000, 2_000],
    ['abandon', 60_000, 2_000],
    ['prepare', 700, 700],
  ] as const)('sets the time limit of a %s with %i ms left to %i ms', async (step, left, limit) => {
    await aSender(ADOPTION_SECRET, left)(step, DATA)
    expect(platform.limits).toEqual([limit])
  })

  it.each([
    ['400', () => new Response('canary', { status: 400 })],
    ['TypeError', () => Promise.reject(new TypeError('canary'))],
  ])('returns false and logs the failed step: %s', async (error, answer) => {
    platform.fault(/shop/, answer)
    expect(await aSender()('commit', DATA)).toBe(false)
    expect(platform.logs).toEqual([{ account_linking: 'adoption_failed', step: 'commit', error }])
  })

  it('sends nothing without a key, or after the deadline', async () => {
    expect(await aSender('')('prepare', DATA)).toBe(false)
    expect(await aSender(ADOPTION_SECRET, -1)('prepare', DATA)).toBe(false)
    expect(platform.calls).toEqual([])
  })
})

describe('a link at login', () => {
  function make(left = 60_000) {
    const settings = settingsWith({ ADOPTION_URL, ADOPTION_SECRET })
    const management = createManagement(settings, platform.api.cache, NOW * 1_000 + left)
    const offered = { user_id: PASSWORD, provider: 'auth0', connection: 'db' }
    const pair = [PASSWORD, GOOGLE]
    const request = { pair, offeredAt: NOW, offered, proof: undefined, ending: undefined }
    return link(management, settings, parseUser(aTenantUser(GOOGLE)), request, platform.event)
  }

  it('does not start with less than eight seconds left, because a prepare may take three of them', async () => {
    expect(await make(7_999)).toEqual({ reason: 'management_failed' })
    expect(stepsSent()).toEqual(['abandon'])
    expect(await make(8_000)).toMatchObject({ primaryId: PASSWORD })
    expect(stepsSent()).toEqual(['abandon', 'prepare', 'commit'])
  })

  it('is made even if the confirmation of the application cannot be stored', async () => {
    platform.fault(/shop/, () => {
      if (stepsSent().includes('commit')) platform.fault(/^PATCH/, () => new Response('{}', { status: 400 }))
      return new Response()
    })
    expect(await make()).toMatchObject({ primaryId: PASSWORD })
  })

  it('that another login has made is committed', async () => {
    await make()
    platform.calls.length = 0
    const user = platform.user(PASSWORD)
    const key = await snapshotKeyOf(GOOGLE)
    const snapshot = user.app_metadata?.[key] as { adoption: object }
    Object.assign(snapshot, { adoption: { id: 'a1' } })
    expect(await make()).toEqual({ primaryId: PASSWORD })
    expect(stepsSent()).toEqual(['commit'])
    expect(user.app_metadata?.[key]).toMatchObject({ adoption: { id: 'a1', ended: 'committed' } })
  })
})

describe('a later login', () => {
  const interrupted = async () => {
    const key = await snapshotKeyOf(GOOGLE)
    const proof = { way: 'login', client_id: 'demo-app' }
    const user = aTenantUser(PASSWORD, {
      app_metadata: { [key]: { v: 2, at: NOW - 60, user_id: GOOGLE, proof, adoption: { id: 'a1' } } },
    })
    user.identities.push({ provider: 'google-oauth2', user_id: '1', connection: 'google-oauth2' })
    platform.users = [user]
    platform.logsIn(PASSWORD)
    Object.assign(platform.event.secrets, { ADOPTION_URL, ADOPTION_SECRET })
    return () => platform.user(PASSWORD).app_metadata?.[key]
  }

  it('sends a commit that was interrupted, once, within a second', async () => {
    const noted = await interrupted()
    await onExecutePostLogin(platform.event, platform.api)
    expect(stepsSent()).toEqual(['commit'])
    expect(platform.limits).toContain(1_000)
    expect(noted()).toMatchObject({ adoption: { id: 'a1', ended: 'committed' } })
    platform.logsIn(PASSWORD)
    await onExecutePostLogin(platform.event, platform.api)
    expect(stepsSent()).toEqual(['commit'])
  })

  it('goes on if the application does not accept the commit', async () => {
    const noted = await interrupted()
    platform.fault(/shop/, () => new Response(null, { status: 503 }))
    await onExecutePostLogin(platform.event, platform.api)
    expect(noted()).toMatchObject({ adoption: { id: 'a1' } })
    expect(platform.names().some((name) => name.startsWith('GET /api/v2/users-by-email'))).toBe(true)
  })

  it('makes no call for an account without open commits', async () => {
    Object.assign(platform.event.secrets, { ADOPTION_URL, ADOPTION_SECRET })
    await onExecutePostLogin(platform.event, platform.api)
    expect(stepsSent()).toEqual([])
    expect(platform.names()).not.toContain(`GET /api/v2/users/${GOOGLE}`)
  })
})
