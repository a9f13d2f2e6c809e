import { describe, expect, it } from 'vitest'
import { continueEnding, endAfterLink, endBeforeOffer, planEnding } from '@/action/end-sessions'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { type Ending, hash12, parseUser, type ResponseProof } from '@/core'
import {
  anActionPlatform,
  aTenantUser,
  GOOGLE,
  NOW,
  PASSWORD,
  SECRETS,
  tokenWith,
} from '../../support/action/platform'

const platform = anActionPlatform()
/** Milliseconds that the Action reserves for the lookup of other accounts. */
const LOOKUP_MS = 800
const TOKENS_OF = (userId: string) => `DELETE /api/v2/users/${userId}/refresh-tokens`
const at = (seconds: number) => ({ authenticated_at: new Date(seconds * 1_000).toISOString() })
const ended = () => platform.names().flatMap((name) => /^DELETE .*\/sessions\/(.*)/.exec(name)?.[1] ?? [])

function aManagement(milliseconds = 60_000) {
  const settings = readSettings(SECRETS)
  if (!settings) throw new Error('no settings')
  return createManagement(settings, platform.api.cache, NOW * 1_000 + milliseconds)
}
const plan = (proof: ResponseProof | undefined, management = aManagement()) => {
  const current = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }
  const offer = { txn: 't', at: NOW - 100, current, candidates: [] }
  return planEnding(management, platform.event, offer, proof, [PASSWORD, GOOGLE])
}

describe('planEnding', () => {
  it('covers everything from before the link, except the sessions of this login and of the proof', async () => {
    expect(await plan({ authTime: NOW - 9, sid: 'proof-session' })).toEqual({
      before: NOW + 1,
      accounts: [PASSWORD, GOOGLE],
      tokens: [PASSWORD, GOOGLE],
      kept: [await hash12('this-session'), await hash12('proof-session')],
    })
  })

  it('keeps the session of the proof if the login has no session', async () => {
    delete platform.event.session
    expect(await plan({ authTime: NOW, sid: 'proof' })).toMatchObject({ kept: [await hash12('proof')] })
  })

  it('keeps the second of the proof if the proof has no session id', async () => {
    expect(await plan({ authTime: NOW - 9 })).toMatchObject({
      kept: [await hash12('this-session')],
      second: NOW - 9,
    })
  })

  it('covers what is older than the offer if the response token has no proof', async () => {
    expect(await plan(undefined)).toMatchObject({ before: NOW - 100, kept: [await hash12('this-session')] })
  })

  it.each([
    ['read:sessions delete:sessions', false],
    ['read:sessions delete:sessions delete:refresh_tokens read:users', true],
    [undefined, true],
  ])('returns a plan with a token for %s: %s', async (scope, isPlanned) => {
    platform.cache.set('account_linking_token', { value: tokenWith(scope), ttl: undefined })
    expect((await plan({ authTime: NOW })) !== undefined).toBe(isPlanned)
  })
})

describe('endAfterLink', () => {
  const end = async (fields: Partial<Ending> = {}, isProofKnown = true) => {
    const ending = { before: NOW - 5, accounts: [GOOGLE, PASSWORD], tokens: [GOOGLE, PASSWORD], ...fields }
    return (await endAfterLink(aManagement(), ending, isProofKnown)).left
  }

  it('ends all older sessions of both accounts, page by page, except those to keep', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ id: `s${index}`, ...at(NOW) }))
    platform.sessions = {
      [GOOGLE]: [
        { id: 'this-session', ...at(NOW - 9) },
        { id: 'old', ...at(NOW - 9) },
      ],
      [PASSWORD]: [...many, { id: 'proof', ...at(NOW - 3) }, { id: 'since', ...at(NOW + 1) }],
    }
    const left = await end({ kept: [await hash12('this-session'), await hash12('proof')] })
    expect(ended().sort()).toEqual(['old', ...many.map(({ id }) => id)].sort())
    expect(platform.names()).toEqual(expect.arrayContaining([TOKENS_OF(GOOGLE), TOKENS_OF(PASSWORD)]))
    // The tenant was asked to end them, but no list has confirmed it yet.
    expect(left).toMatchObject({ before: NOW + 1, accounts: [GOOGLE, PASSWORD] })
    expect(left?.tokens).toBeUndefined()
  })

  it('keeps the planned time if the response token has no proof', async () => {
    platform.sessions = {
      [GOOGLE]: [
        { id: 'old', ...at(NOW - 6) },
        { id: 'new', ...at(NOW - 5) },
      ],
    }
    await end({}, false)
    expect(ended()).toEqual(['old'])
  })

  it('keeps the sessions of one given second', async () => {
    platform.sessions = {
      [GOOGLE]: [
        { id: 'proof', ...at(NOW - 3) },
        { id: 'old', ...at(NOW - 4) },
      ],
    }
    await end({ second: NOW - 3 })
    expect(ended()).toEqual(['old'])
  })

  it('returns nothing as left if no session is open', async () => {
    expect(await end()).toBeUndefined()
  })

  it.each([
    [500, [GOOGLE, PASSWORD]],
    [429, [GOOGLE, PASSWORD]],
    [403, undefined],
  ])('after a %i returns as left: %j', async (status, accounts) => {
    platform.fault(/DELETE/, () => new Response(null, { status }))
    const left = await end()
    expect(left?.accounts).toEqual(accounts)
    expect(left?.tokens).toEqual(accounts)
    expect(platform.logs).toEqual(status === 403 ? [{ account_linking: 'sessions_not_ended' }] : [])
  })

  it('continues with the other account if it may not read the sessions of one', async () => {
    platform.sessions = { [PASSWORD]: [{ id: 'other-old', ...at(NOW - 9) }] }
    platform.fault(/^GET.*google/, () => new Response(null, { status: 403 }))
    expect((await end())?.accounts).toEqual([PASSWORD])
    expect(ended()).toEqual(['other-old'])
  })

  it('stops at a rate limit', async () => {
    platform.sessions = {
      [GOOGLE]: Array.from({ length: 100 }, (_, index) => ({ id: `s${index}`, ...at(NOW - 9) })),
    }
    platform.fault(/sessions\/s/, () => new Response(null, { status: 500 }))
    expect((await end())?.accounts).toEqual([GOOGLE])
    expect(ended()).toHaveLength(20)
  })
})

describe('continueEnding', () => {
  const goOn = (ending: Ending, milliseconds = 1_700) =>
    continueEnding(aManagement(milliseconds + LOOKUP_MS), ending)

  it('repeats until nothing is left', async () => {
    platform.sessions = { [GOOGLE]: [{ id: 'old', ...at(NOW - 9) }] }
    let looks = 0
    platform.fault(/^GET/, () => {
      looks += 1
      return Response.json({ sessions: looks < 3 ? platform.sessions[GOOGLE] : [] })
    })
    expect(await goOn({ before: NOW, accounts: [GOOGLE] })).toBeUndefined()
    expect(platform.pauses).toEqual([300, 300])
  })

  it('stops in time, and returns what is left', async () => {
    platform.sessions = { [GOOGLE]: [{ id: 'old', ...at(NOW - 9) }] }
    const ending = { before: NOW, accounts: [GOOGLE, PASSWORD], kept: ['a'] }
    expect(await goOn(ending)).toEqual({ ...ending, accounts: [GOOGLE] })
    expect(platform.pauses).toHaveLength(5)
  })

  it.each([
    [299, 0],
    [300, 1],
  ])('with %i ms beyond the lookup pauses %i times', async (milliseconds, pauses) => {
    platform.sessions = { [GOOGLE]: [{ id: 'old', ...at(NOW - 9) }] }
    expect(await goOn({ before: NOW, accounts: [GOOGLE] }, milliseconds)).toBeDefined()
    expect(platform.pauses).toEqual(Array(pauses).fill(300))
  })

  it('ignores a time in the future', async () => {
    platform.sessions = { [GOOGLE]: [{ id: 'old', ...at(NOW - 9) }] }
    expect(await goOn({ before: NOW + 100, accounts: [GOOGLE] })).toBeUndefined()
  })
})

describe('endBeforeOffer', () => {
  it('removes the mark from an account that no one signs in to, once nothing is left', async () => {
    const app_metadata = {
      account_linking: {
        ending: { before: NOW, accounts: [PASSWORD] },
        last: { result: 'failed', reason: 'busy', at: 1 },
      },
    }
    Object.assign(platform.user(PASSWORD), { app_metadata })
    const users = [parseUser(platform.user(PASSWORD))]
    const [ended] = await endBeforeOffer(aManagement(1_000 + LOOKUP_MS), users)
    const after = {
      account_linking: {
        last: { result: 'failed', reason: 'busy', at: 1 },
        ended: { before: NOW - 1, kept: [] },
      },
    }
    expect(ended?.app_metadata).toEqual(after)
    expect(platform.user(PASSWORD).app_metadata).toEqual(after)
  })

  it('keeps the mark if something is left', async () => {
    platform.sessions = { [PASSWORD]: [{ id: 'old', ...at(NOW - 9) }] }
    const app_metadata = { account_linking: { ending: { before: NOW, accounts: [PASSWORD] } } }
    const users = [parseUser(aTenantUser(PASSWORD, { app_metadata }))]
    expect(await endBeforeOffer(aManagement(1_000 + LOOKUP_MS), users)).toEqual(users)
    expect(platform.names().some((name) => name.startsWith('PATCH'))).toBe(false)
  })
  it('keeps the mark if it cannot be removed', async () => {
    const app_metadata = { account_linking: { ending: { before: NOW, accounts: [PASSWORD] } } }
    platform.fault(/PATCH/, () => new Response(null, { status: 403 }))
    const users = [parseUser(aTenantUser(PASSWORD, { app_metadata }))]
    expect(await endBeforeOffer(aManagement(1_000 + LOOKUP_MS), users)).toEqual(users)
  })
})
