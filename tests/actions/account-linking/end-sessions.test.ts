import { describe, expect, it } from 'vitest'
import { endSessions } from '@/actions/account-linking/end-sessions'
import { createManagement } from '@/actions/account-linking/management'
import { readSettings } from '@/actions/account-linking/settings'
import { anActionPlatform, GOOGLE, NOW, PASSWORD, SECRETS } from '../../support/action-platform'

const platform = anActionPlatform()
const TOKEN = 'POST /oauth/token'
const TOKENS_OF = (userId: string) => `DELETE /api/v2/users/${userId}/refresh-tokens`
const SESSIONS_OF = (userId: string) => `GET /api/v2/users/${userId}/sessions`
const before = { authenticated_at: new Date(NOW * 1_000 - 1).toISOString() }
const since = { authenticated_at: new Date(NOW * 1_000).toISOString() }

async function end() {
  const settings = readSettings(SECRETS)
  if (!settings) throw new Error('no settings')
  const management = createManagement(settings, platform.api.cache, (NOW + 60) * 1_000)
  const current = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }
  const other = { user_id: PASSWORD, provider: 'auth0', connection: 'db' }
  await endSessions(management, platform.event, { txn: 't', at: NOW, current, candidates: [other] }, other)
}

describe('endSessions', () => {
  it('ends what either account had open before the offer, but for the session of this login', async () => {
    platform.sessions = {
      [GOOGLE]: [
        { id: 'this-session', ...before },
        { id: 'old', ...before },
      ],
      [PASSWORD]: [
        { id: 'new', ...since },
        { id: 'other-old', ...before },
      ],
    }
    await end()
    expect(platform.names()).toEqual([
      TOKEN,
      TOKENS_OF(GOOGLE),
      SESSIONS_OF(GOOGLE),
      'DELETE /api/v2/sessions/old',
      TOKENS_OF(PASSWORD),
      SESSIONS_OF(PASSWORD),
      'DELETE /api/v2/sessions/other-old',
    ])
  })

  it('ends all of them for a login without a session', async () => {
    delete platform.event.session
    platform.sessions = { [GOOGLE]: [{ id: 'this-session', ...before }] }
    await end()
    expect(platform.names()).toContain('DELETE /api/v2/sessions/this-session')
  })

  it.each([403, 500])('goes on where a deletion fails with %i, and repeats none', async (status) => {
    platform.fault(/DELETE/, () => new Response(null, { status }))
    await end()
    expect(platform.names()).toEqual([
      TOKEN,
      TOKENS_OF(GOOGLE),
      SESSIONS_OF(GOOGLE),
      TOKENS_OF(PASSWORD),
      SESSIONS_OF(PASSWORD),
    ])
    expect(platform.pauses).toEqual([])
  })

  it('repeats once what was turned away because there were too many calls', async () => {
    platform.sessions = { [GOOGLE]: [{ id: 'old', ...before }] }
    platform.fault(/refresh-tokens/, () => new Response(null, { status: 429 }), 1)
    platform.fault(/sessions\/old/, () => new Response(null, { status: 429 }), 1)
    await end()
    expect(platform.names()).toEqual([
      TOKEN,
      TOKENS_OF(GOOGLE),
      TOKENS_OF(GOOGLE),
      SESSIONS_OF(GOOGLE),
      'DELETE /api/v2/sessions/old',
      'DELETE /api/v2/sessions/old',
      TOKENS_OF(PASSWORD),
      SESSIONS_OF(PASSWORD),
    ])
  })

  it('goes on with the other account where the sessions of one may not be read', async () => {
    platform.sessions = { [PASSWORD]: [{ id: 'other-old', ...before }] }
    platform.fault(/^GET/, () => new Response(null, { status: 403 }), 1)
    await end()
    expect(platform.names()).toEqual([
      TOKEN,
      TOKENS_OF(GOOGLE),
      SESSIONS_OF(GOOGLE),
      TOKENS_OF(PASSWORD),
      SESSIONS_OF(PASSWORD),
      'DELETE /api/v2/sessions/other-old',
    ])
  })

  it('takes an answer that names no sessions as none', async () => {
    platform.fault(/^GET/, () => Response.json({}))
    await end()
    expect(platform.names()).toHaveLength(5)
  })
})
