import { describe, expect, it } from 'vitest'
import { isNone, missingIn, ofKinds, partsOf } from '@/core'

describe('partsOf', () => {
  it.each([
    ['read:items https://api.example/', 'read:items', 'https://api.example/'],
    ['org_1 rol_1', 'org_1', 'rol_1'],
    ['read https://api.example/a b', 'read', 'https://api.example/a b'],
    ['org_1', 'org_1', ''],
    ['', '', ''],
    [' x', '', 'x'],
  ])('splits %j at its first space', (id, first, second) => {
    expect(partsOf(id)).toEqual([first, second])
  })
})

describe('ofKinds', () => {
  it('leaves out the kinds of which there is nothing', () => {
    expect(ofKinds((kind) => (kind === 'permissions' ? ['p'] : []))).toEqual({ permissions: ['p'] })
    expect(isNone(ofKinds(() => []))).toBe(true)
    expect(isNone(ofKinds(() => ['p']))).toBe(false)
  })
})

describe('missingIn', () => {
  it('names what one account has and the other lacks, of the kinds that were read of both', () => {
    const staying = { roles: { a: 'A' }, permissions: {} }
    const ending = { roles: { a: 'A', b: 'B' }, permissions: { p: 'P' }, factors: { totp: 'totp' } }
    expect(missingIn(staying, ending)).toEqual({ roles: ['b'], permissions: ['p'] })
    expect(missingIn(staying, ending, (kind) => kind === 'roles')).toEqual({ roles: ['b'] })
    expect(missingIn(undefined, ending)).toEqual({})
    expect(missingIn(ending, undefined)).toEqual({})
  })

  it('takes no name that objects inherit for held', () => {
    expect(missingIn({ roles: {} }, { roles: { constructor: 'x' } })).toEqual({ roles: ['constructor'] })
  })
})
