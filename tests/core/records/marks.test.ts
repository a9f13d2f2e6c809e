import { describe, expect, it } from 'vitest'
import {
  addDeclines,
  declineExpiry,
  isLookedAt,
  type LinkingUser,
  lookupMarkHash,
  MARKS_KEY,
  type Marks,
  NEVER,
  pairKey,
  parseMarks,
} from '@/core'
import { aPolicy, aUser } from '../../support/builders/users'

const NOW = 1_800_000_000
const LIFE = 90 * 86_400
const marked = (marks: unknown) => aUser({ app_metadata: { [MARKS_KEY]: marks } })

describe('parseMarks', () => {
  it.each([undefined, null, {}, 5, true])('reads no marks from %j', (marks) => {
    expect(parseMarks(marked(marks))).toEqual({})
  })

  it('reads the marks as written', () => {
    const marks: Marks = { looked: { until: NOW, key: 'k' }, declined: { p: { until: NEVER, at: NOW } } }
    expect(parseMarks(marked(marks))).toEqual(marks)
  })
})

it('parseMarks ignores null values, because a tenant may refuse them in a later write', () => {
  expect(parseMarks(marked({ '.': null, declined: { pair: { until: 1, at: 1 }, 'a.b': null } }))).toEqual({
    declined: { pair: { until: 1, at: 1 } },
  })
})

describe('lookupMarkHash', () => {
  const key = (fields = {}, policy = {}) => lookupMarkHash(aUser(fields), aPolicy(policy))

  it.each([
    ['spelling of the address', { email: 'Ann@Example.COM' }, {}],
    ['rules that do not select candidates', {}, { primary: ['most_used'], appMetadataKeys: ['plan'] }],
    ['metadata', { user_metadata: { a: 1 } }, {}],
  ])('is the same whatever the %s', async (_what, fields, policy) => {
    expect(await key(fields, policy)).toBe(await key())
  })

  it('does not depend on the order of the identities', async () => {
    expect(await key({ linked: ['auth0|2', 'github|3'] })).toBe(
      await key({ linked: ['github|3', 'auth0|2'] }),
    )
  })

  it('is the same for lists with the same meaning', async () => {
    const lists = { trusted: ['github', 'auth0'], blocked: ['a', 'b'] }
    const others = { trusted: ['auth0', 'github', 'auth0'], blocked: ['b', 'a', 'b'] }
    expect(await key({}, lists)).toBe(await key({}, others))
  })

  it.each([
    ['the address', { email: 'ann.archer@example.com' }, {}],
    ['a link', { linked: ['auth0|2'] }, {}],
    ['the id of the first identity', { user_id: 'google-oauth2|2' }, {}],
    ['the trusted connections', {}, { trusted: ['auth0', 'samlp'] }],
    ['the blocked connections', {}, { blocked: ['legacy'] }],
    ['the provisioned connections', {}, { provisioned: ['okta'] }],
    ['the keys that stop links', {}, { refuseKeys: ['suspended'] }],
  ])('changes with %s', async (_what, fields, policy) => {
    expect(await key(fields, policy)).not.toBe(await key())
  })

  it('distinguishes a trusted connection from a blocked one', async () => {
    expect(await key({}, { trusted: ['a'], blocked: [] })).not.toBe(
      await key({}, { trusted: [], blocked: ['a'] }),
    )
  })
})

describe('isLookedAt', () => {
  it.each([
    [{ until: NOW + 1, key: 'k' }, true],
    [{ until: NOW, key: 'k' }, false],
    [{ until: NOW + 1, key: 'other' }, false],
    [undefined, false],
  ])('with the mark %j: %s', (looked, expected) => {
    expect(isLookedAt(marked({ looked }), 'k', NOW, LIFE)).toBe(expected)
  })

  it.each([
    [(NOW - LIFE + 1) * 1000, true],
    [(NOW - LIFE) * 1000, false],
    [NOW * 1000, true],
    [undefined, false],
    ['never', false],
  ])('with the timestamp of the published Action %s: %s', (timestamp, expected) => {
    const user = aUser({ app_metadata: { account_linking_timestamp: timestamp } })
    expect(isLookedAt(user, 'k', NOW, LIFE)).toBe(expected)
  })

  it('uses its own mark before the timestamp of the published Action', () => {
    const app_metadata = {
      account_linking_timestamp: NOW * 1000,
      [MARKS_KEY]: { looked: { until: 0, key: 'k' } },
    }
    expect(isLookedAt(aUser({ app_metadata }), 'k', NOW, LIFE)).toBe(false)
  })
})

describe('pairKey', () => {
  it('is the same from both sides, and reveals no id', async () => {
    const key = await pairKey('auth0|1', 'github|2')
    expect(await pairKey('github|2', 'auth0|1')).toBe(key)
    expect(key).toMatch(/^[0-9a-f]{12}$/)
  })

  it('differs between pairs', async () => {
    expect(await pairKey('auth0|1', 'github|2')).not.toBe(await pairKey('auth0|1', 'github|3'))
  })
})

describe('declineExpiry', () => {
  const OTHER = aUser({ user_id: 'auth0|2' })
  const declining = async (user: LinkingUser, until: number) =>
    aUser({
      user_id: user.user_id,
      app_metadata: {
        [MARKS_KEY]: await addDeclines(user, ['auth0|2', 'google-oauth2|1'], { until, at: 1 }),
      },
    })

  it('is 0 if there is no decline', async () => {
    expect(await declineExpiry(aUser(), OTHER)).toBe(0)
  })

  it.each([undefined, {}, { declined: { other: { until: NOW, at: 1 } } }, { declined: { p: 5 } }])(
    'is 0 if the marks are %j',
    async (marks) => {
      expect(await declineExpiry(marked(marks), OTHER)).toBe(0)
    },
  )

  it('is the later one, whichever of the two accounts stores it', async () => {
    const [mine, theirs] = [await declining(aUser(), NOW), await declining(OTHER, NOW + 5)]
    expect(await declineExpiry(mine, OTHER)).toBe(NOW)
    expect(await declineExpiry(aUser(), theirs)).toBe(NOW + 5)
    expect(await declineExpiry(mine, theirs)).toBe(NOW + 5)
    expect(await declineExpiry(theirs, mine)).toBe(NOW + 5)
  })
})

describe('addDeclines', () => {
  const NO = { until: NEVER, at: NOW, client: 'Shop' }

  it('adds to the declines, keeps other marks and does not modify its arguments', async () => {
    const marks: Marks = {
      declined: { a: { until: 1, at: 1 }, [await pairKey('google-oauth2|1', 'b|1')]: { until: 2, at: 2 } },
      last: { result: 'failed', reason: 'blocked', at: NOW },
    }
    const before = structuredClone(marks)
    expect(await addDeclines(marked(marks), ['b|1', 'c|1'], NO)).toEqual({
      ...before,
      declined: {
        a: { until: 1, at: 1 },
        [await pairKey('google-oauth2|1', 'b|1')]: NO,
        [await pairKey('google-oauth2|1', 'c|1')]: NO,
      },
    })
    expect(marks).toEqual(before)
  })

  it('keeps "never" through JSON', async () => {
    const marks = JSON.parse(JSON.stringify(await addDeclines(aUser(), ['auth0|2'], NO)))
    expect(await declineExpiry(marked(marks), aUser({ user_id: 'auth0|2' }))).toBe(NEVER)
  })
})
