import { describe, expect, it } from 'vitest'
import { collectRightIds, hasNoRights, rightsMissingIn, splitRightId } from '@/core'

describe('splitRightId', () => {
  it.each([
    ['read:items https://api.example/', 'read:items', 'https://api.example/'],
    ['org_1 rol_1', 'org_1', 'rol_1'],
    ['read https://api.example/a b', 'read', 'https://api.example/a b'],
    ['org_1', 'org_1', ''],
    ['', '', ''],
    [' x', '', 'x'],
  ])('splits %j at its first space', (id, first, second) => {
    expect(splitRightId(id)).toEqual([first, second])
  })
})

describe('collectRightIds', () => {
  it('omits empty kinds', () => {
    expect(collectRightIds((kind) => (kind === 'permissions' ? ['p'] : []))).toEqual({ permissions: ['p'] })
    expect(hasNoRights(collectRightIds(() => []))).toBe(true)
    expect(hasNoRights(collectRightIds(() => ['p']))).toBe(false)
  })
})

describe('rightsMissingIn', () => {
  it('lists what one account has and the other lacks, for the kinds that were read for both', () => {
    const staying = { roles: { a: 'A' }, permissions: {} }
    const ending = { roles: { a: 'A', b: 'B' }, permissions: { p: 'P' }, factors: { totp: 'totp' } }
    expect(rightsMissingIn(staying, ending)).toEqual({ roles: ['b'], permissions: ['p'] })
    expect(rightsMissingIn(staying, ending, (kind) => kind === 'roles')).toEqual({ roles: ['b'] })
    expect(rightsMissingIn(undefined, ending)).toEqual({})
    expect(rightsMissingIn(ending, undefined)).toEqual({})
  })

  it('does not take inherited property names for rights', () => {
    expect(rightsMissingIn({ roles: {} }, { roles: { constructor: 'x' } })).toEqual({
      roles: ['constructor'],
    })
  })
})
