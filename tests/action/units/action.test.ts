import { beforeEach, describe, expect, it, vi } from 'vitest'
import { anActionPlatform, SECRETS } from '../../support/action/platform'

const platform = anActionPlatform()
let action: typeof import('@/action/action')

/** Loads the Action as a new instance in Auth0 would. */
beforeEach(async () => {
  vi.resetModules()
  action = await import('@/action/action')
})
const execute = () => action.onExecutePostLogin(platform.event, platform.api)
const proceed = () => action.onContinuePostLogin(platform.event, platform.api)

describe('a login', () => {
  it('runs discovery when it starts', async () => {
    await execute()
    expect(platform.effect('sendUserTo')).toBeDefined()
    expect(platform.logs).toEqual([])
  })

  it('handles the response token when it continues', async () => {
    await proceed()
    expect(platform.logs).toEqual([{ account_linking: 'answer_not_valid' }])
  })

  it('goes on without the secrets, and logs that once', async () => {
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

  it('goes on with a mistyped mode, which counts as off, and logs that once', async () => {
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

  it('logs unreadable list entries, even if earlier settings were readable', async () => {
    await execute()
    expect(platform.logs).toEqual([])
    platform.event.secrets = { ...SECRETS, ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0 odic:acme :x' }
    await execute()
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'list_entry_unreadable', entries: 'odic:acme :x' }])
  })

  it('goes on if the tenant fails, and logs the status', async () => {
    platform.fault(/users-by-email/, () => new Response('canary', { status: 503 }))
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'discover_failed', error: '503' }])
    expect(platform.effects).toEqual([])
  })

  it('goes on after an unexpected error, and logs only its name', async () => {
    platform.api.redirect.canRedirect = () => {
      throw new RangeError('canary')
    }
    await execute()
    expect(platform.logs).toEqual([{ account_linking: 'discover_failed', error: 'RangeError' }])
  })

  it('goes on after an unexpected error while it handles a response token', async () => {
    platform.event.secrets = { ...SECRETS, ACCOUNT_LINKING_SERVICE_URL: 'no address' }
    await proceed()
    expect(platform.logs).toEqual([{ account_linking: 'resume_failed', error: 'TypeError' }])
  })
})
