import { beforeEach, describe, expect, it, vi } from 'vitest'
import { anActionPlatform, SECRETS } from '../../support/action/platform'

const platform = anActionPlatform()
let action: typeof import('@/action/action')

/** As a fresh instance of the platform loads it. */
beforeEach(async () => {
  vi.resetModules()
  action = await import('@/action/action')
})
const execute = () => action.onExecutePostLogin(platform.event, platform.api)
const proceed = () => action.onContinuePostLogin(platform.event, platform.api)

describe('a login', () => {
  it('is looked at when it happens', async () => {
    await execute()
    expect(platform.effect('sendUserTo')).toBeDefined()
    expect(platform.logs).toEqual([])
  })

  it('is answered when it goes on', async () => {
    await proceed()
    expect(platform.logs).toEqual([{ account_linking: 'answer_not_valid' }])
  })

  it('goes on without the secrets, and says so once', async () => {
    platform.event.secrets = { ...SECRETS, SESSION_TOKEN_SHARED_SECRET: '' }
    await execute()
    await proceed()
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'secrets_missing' }])
    expect(platform.effects).toEqual([])
    platform.event.secrets = SECRETS
    await execute()
    expect(platform.effect('sendUserTo')).toBeDefined()
    platform.event.secrets = {}
    await execute()
    expect(platform.logs).toHaveLength(1)
  })

  it('goes on with a mistyped mode, which counts as off, and says so once', async () => {
    platform.event.secrets = {
      ...SECRETS,
      ACCOUNT_LINKING_MODE: 'ofer',
      ACCOUNT_LINKING_USER_METADATA: 's3cret',
    }
    await execute()
    await execute()
    expect(platform.logs).toEqual([
      { account_linking: 'option_unknown', option: 'USER_METADATA' },
      { account_linking: 'option_unknown', option: 'MODE' },
    ])
    expect([platform.names(), platform.effects]).toEqual([[], []])
  })

  it('names the entries of a list that cannot be read, even if all was well before', async () => {
    await execute()
    expect(platform.logs).toEqual([])
    platform.event.secrets = { ...SECRETS, ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0 odic:acme :x' }
    await execute()
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'list_entry_unreadable', entries: 'odic:acme :x' }])
  })

  it('goes on if the tenant fails, and says with what', async () => {
    platform.fault(/users-by-email/, () => new Response('canary', { status: 503 }))
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'discover_failed', error: '503' }])
    expect(platform.effects).toEqual([])
  })

  it('goes on if something unforeseen happens, and says no more than its name', async () => {
    platform.api.redirect.canRedirect = () => {
      throw new RangeError('canary')
    }
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'discover_failed', error: 'RangeError' }])
  })

  it('goes on if something unforeseen happens to an answer', async () => {
    platform.event.secrets = { ...SECRETS, ACCOUNT_LINKING_SERVICE_URL: 'no address' }
    await proceed()
    expect(platform.logs).toEqual([{ account_linking: 'resume_failed', error: 'TypeError' }])
  })
})
