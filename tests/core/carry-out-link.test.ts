import { describe, expect, it, vi } from 'vitest'
import {
  carryOutLink,
  failureOf,
  isClientError,
  isPermanentFailure,
  type LinkCalls,
  type LinkSteps,
} from '@/core'
import { aUser } from '../support/builders/users'

const PRIMARY = aUser({ user_id: 'auth0|1' })
const SECONDARY = aUser({ user_id: 'github|1' })
const PATCH = { app_metadata: { account_linking_x: 1 } }
const raw = (...linked: string[]) => ({
  user_id: 'auth0|1',
  identities: ['auth0|1', ...linked].map((id) => ({
    provider: id.split('|')[0],
    user_id: id.split('|')[1],
    connection: 'any',
  })),
  app_metadata: PATCH.app_metadata,
})

/** The Management API calls of a test. By default, every call succeeds. */
function someCalls(fields: Partial<LinkCalls> = {}) {
  const {
    patch = async () => raw(),
    link = async () => raw('github|1').identities,
    read = async () => raw(),
    pause = async () => true,
  } = fields
  return { patch: vi.fn(patch), link: vi.fn(link), read: vi.fn(read), pause: vi.fn(pause) }
}
const carryOut = (calls: LinkCalls, recheck: LinkSteps['recheck'] = () => undefined) =>
  carryOutLink(calls, PRIMARY, SECONDARY, PATCH, { recheck })
const failing =
  (status?: number): LinkCalls['link'] =>
  () =>
    Promise.reject({ status })

describe('carryOutLink', () => {
  it('writes before it links, and accepts the link response as confirmation', async () => {
    const calls = someCalls()
    expect(await carryOut(calls)).toBeUndefined()
    expect(calls.patch).toHaveBeenCalledWith('auth0|1', PATCH)
    expect(calls.link).toHaveBeenCalledWith('auth0|1', SECONDARY.identities[0])
    expect(calls.patch.mock.invocationCallOrder[0]).toBeLessThan(calls.link.mock.invocationCallOrder[0] ?? 0)
    expect(calls.read).not.toHaveBeenCalled()
  })

  it('does not link if the response to the write lacks a written key', async () => {
    const calls = someCalls({ patch: async () => ({ ...raw(), app_metadata: {} }) })
    expect(await carryOut(calls)).toBe('management_failed')
    expect(calls.link).not.toHaveBeenCalled()
  })

  it('does not link if the recheck after the write refuses', async () => {
    const calls = someCalls()
    expect(await carryOut(calls, ({ user_id }) => (user_id === 'auth0|1' ? 'blocked' : undefined))).toBe(
      'blocked',
    )
    expect(calls.link).not.toHaveBeenCalled()
  })

  it('succeeds if the write shows that the link exists', async () => {
    const calls = someCalls({ patch: async () => raw('github|1') })
    expect(await carryOut(calls, () => 'blocked')).toBeUndefined()
    expect(calls.link).not.toHaveBeenCalled()
  })

  it.each([undefined, 500, 409])(
    'reads after a failure with %s, and succeeds if the link exists',
    async (status) => {
      const calls = someCalls({ link: failing(status), read: async () => raw('github|1') })
      expect(await carryOut(calls)).toBeUndefined()
      expect(calls.link).toHaveBeenCalledTimes(1)
    },
  )

  it.each([undefined, 503, 429])('retries once after a failure with %s, and no more', async (status) => {
    const calls = someCalls({ link: failing(status) })
    expect(await carryOut(calls)).toBe('management_failed')
    expect(calls.link).toHaveBeenCalledTimes(2)
  })

  it('does not retry if there is no time', async () => {
    const calls = someCalls({ link: failing(503), pause: async () => false })
    expect(await carryOut(calls)).toBe('management_failed')
    expect(calls.link).toHaveBeenCalledTimes(1)
  })

  it.each([
    [400, 'link_refused', 0],
    [404, 'link_refused', 0],
    [409, 'link_refused', 1],
    [403, 'missing_scope', 0],
  ])('does not retry after %d: %s', async (status, reason, reads) => {
    const calls = someCalls({ link: failing(status) })
    expect(await carryOut(calls)).toBe(reason)
    expect(calls.link).toHaveBeenCalledTimes(1)
    expect(calls.read).toHaveBeenCalledTimes(reads)
  })

  it.each([
    [undefined, 2],
    [503, 2],
    [403, 1],
  ])(
    'does not read after a call that was not sent (%s), because it cannot have linked',
    async (status, tries) => {
      const calls = someCalls({ link: () => Promise.reject({ status, isUnsent: true }) })
      expect(await carryOut(calls)).toBe('management_failed')
      expect(calls.link).toHaveBeenCalledTimes(tries)
      expect(calls.read).not.toHaveBeenCalled()
    },
  )

  it('does not accept a success response that lacks the identity', async () => {
    const calls = someCalls({ link: async () => raw().identities })
    expect(await carryOut(calls)).toBe('management_failed')
    expect(calls.read).toHaveBeenCalledTimes(2)
  })

  it.each([undefined, 503, 429])(
    'reads until there is no time left if reading fails with %s',
    async (status) => {
      let pauses = 0
      const calls = someCalls({
        link: failing(),
        read: () => Promise.reject({ status }),
        pause: async () => ++pauses < 4,
      })
      expect(await carryOut(calls)).toBe('outcome_unknown')
      expect(calls.read).toHaveBeenCalledTimes(4)
      expect(calls.pause).toHaveBeenCalledWith({ status })
    },
  )

  it('succeeds if the last of several reads shows the link', async () => {
    const calls = someCalls({ link: failing(), read: async () => raw('github|1') })
    calls.read.mockRejectedValueOnce({ status: 503 }).mockRejectedValueOnce({})
    expect(await carryOut(calls)).toBeUndefined()
    expect(calls.link).toHaveBeenCalledTimes(1)
  })

  it('returns that the outcome is unknown if it may not read the account', async () => {
    const calls = someCalls({ link: failing(), read: () => Promise.reject({ status: 403 }) })
    expect(await carryOut(calls)).toBe('outcome_unknown')
    expect(calls.read).toHaveBeenCalledTimes(1)
  })

  it('throws the error of the write', async () => {
    const calls = someCalls({ patch: () => Promise.reject({ status: 404 }) })
    await expect(carryOut(calls)).rejects.toEqual({ status: 404 })
    expect(calls.link).not.toHaveBeenCalled()
  })
})

describe('the steps around a link', () => {
  /** Carries out a link, and records when each step runs. */
  function around(fields: Partial<LinkCalls> = {}, steps: Partial<LinkSteps> = {}) {
    const done: string[] = []
    const calls = someCalls(fields)
    const link = calls.link.getMockImplementation()
    calls.link.mockImplementation(async (...given) => {
      done.push('link')
      return link?.(...given)
    })
    const outcome = carryOutLink(calls, PRIMARY, SECONDARY, PATCH, {
      recheck: () => undefined,
      beforeLink: async () => void done.push('before'),
      ifNotLinked: async () => void done.push('taken back'),
      ...steps,
    })
    return outcome.then(
      (reason) => ({ reason, done }),
      (error) => ({ error, done }),
    )
  }

  it('run right before the link, and are not reverted if it is made', async () => {
    expect(await around()).toEqual({ reason: undefined, done: ['before', 'link'] })
  })

  it('run once, however often the link is tried, and are reverted if it is not made', async () => {
    expect(await around({ link: failing(503) })).toEqual({
      reason: 'management_failed',
      done: ['before', 'link', 'link', 'taken back'],
    })
    expect(await around({ link: failing(400) })).toEqual({
      reason: 'link_refused',
      done: ['before', 'link', 'taken back'],
    })
  })

  it('are not reverted if the outcome is unknown', async () => {
    expect(await around({ link: failing(), read: () => Promise.reject({ status: 403 }) })).toEqual({
      reason: 'outcome_unknown',
      done: ['before', 'link'],
    })
  })

  it.each<[string, Partial<LinkCalls>, Partial<LinkSteps>, object]>([
    ['the recheck refuses', {}, { recheck: () => 'blocked' }, { reason: 'blocked' }],
    ['the link exists already', { patch: async () => raw('github|1') }, {}, { reason: undefined }],
    ['the write failed', { patch: () => Promise.reject({ status: 500 }) }, {}, { error: { status: 500 } }],
  ])('do not run, and are not reverted, if %s', async (_what, calls, steps, expected) => {
    expect(await around(calls, steps)).toEqual({ ...expected, done: [] })
  })

  it('are reverted if they fail themselves, and nothing is linked', async () => {
    const failure = { status: 500 }
    expect(await around({}, { beforeLink: () => Promise.reject(failure) })).toEqual({
      error: failure,
      done: ['taken back'],
    })
  })

  it('do not change the outcome if reverting fails', async () => {
    const ifNotLinked = () => Promise.reject({ status: 500 })
    expect(await around({ link: failing(400) }, { ifNotLinked })).toMatchObject({ reason: 'link_refused' })
    const beforeLink = () => Promise.reject({ status: 403 })
    expect(await around({}, { beforeLink, ifNotLinked })).toMatchObject({ error: { status: 403 } })
    expect(await around({ link: failing(400) }, { ifNotLinked: undefined })).toMatchObject({
      reason: 'link_refused',
    })
  })
})

describe.each([
  [undefined, false, false, 'management_failed'],
  [{}, false, false, 'management_failed'],
  [{ status: 200 }, false, false, 'management_failed'],
  [{ status: 500 }, false, false, 'management_failed'],
  [{ status: 429 }, true, false, 'management_failed'],
  [{ status: 403 }, true, true, 'missing_scope'],
  [{ status: 400 }, true, true, 'link_refused'],
  [{ status: 403, isUnsent: true }, true, true, 'management_failed'],
  [{ status: 400, isUnsent: true }, true, true, 'management_failed'],
  [{ isUnsent: true }, false, false, 'management_failed'],
])('a call that failed with %j', (failure, refused, final, word) => {
  it(`is a client error: ${refused}; permanent: ${final}; error code ${word}`, () => {
    expect([isClientError(failure), isPermanentFailure(failure), failureOf(failure)]).toEqual([
      refused,
      final,
      word,
    ])
  })
})
