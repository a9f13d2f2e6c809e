import { describe, expect, it } from 'vitest'
import { type KeptRights, keptKinds, keptNone, mergeKeptRights, NO_RIGHTS, planRightsReturn } from '@/core'

const kept = (plan: Partial<KeptRights> = {}): KeptRights => ({ ...NO_RIGHTS, ...plan })
const held = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, `name of ${id}`]))
const ORG = ['org_1', 'org_1 rol_1']

describe('planRightsReturn', () => {
  it.each<[string, Parameters<typeof planRightsReturn>, object]>([
    [
      'restores a right that was given and is still held, and takes it from the primary account',
      [{ roles: held('a') }, kept({ given: { roles: ['a'] } })],
      { give: { roles: ['a'] }, take: { roles: ['a'] } },
    ],
    [
      'does not restore a right that was given and removed since',
      [{ roles: {} }, kept({ given: { roles: ['a'] } })],
      { withheld: { roles: ['a'] } },
    ],
    [
      'restores a right that both held, and leaves it with the primary account',
      [{ roles: held('a') }, kept({ shared: { roles: ['a'] } })],
      { give: { roles: ['a'] } },
    ],
    [
      'does not restore a right that both held and that was removed since',
      [{ roles: {} }, kept({ shared: { roles: ['a'] } })],
      { withheld: { roles: ['a'] } },
    ],
    [
      'restores a right that was lost',
      [{ permissions: {} }, kept({ dropped: { permissions: ['p x'] } })],
      { give: { permissions: ['p x'] } },
    ],
    [
      'does not restore a right that no longer exists',
      [{ roles: held('a') }, kept({ dropped: { roles: ['b', 'c'] } }), ['b']],
      { give: { roles: ['c'] }, withheld: { roles: ['b'] } },
    ],
    [
      'restores no right of a kind that cannot be read',
      [{ permissions: {} }, kept({ given: { roles: ['a'] }, dropped: { memberships: ['org_1'] } })],
      { withheld: { roles: ['a'], memberships: ['org_1'] } },
    ],
    [
      'does not restore factors',
      [{ factors: held('totp') }, kept({ dropped: { factors: ['totp'] }, shared: { factors: ['passkey'] } })],
      { withheld: { factors: ['totp', 'passkey'] } },
    ],
    [
      'restores a membership with its roles',
      [{ memberships: held(...ORG) }, kept({ given: { memberships: ORG } })],
      { give: { memberships: ORG }, take: { memberships: ORG } },
    ],
    [
      'gives back a lost membership with the roles in it',
      [{ memberships: {} }, kept({ dropped: { memberships: ORG } })],
      { give: { memberships: ORG } },
    ],
    [
      'does not give back the roles in an organization whose membership is not given back',
      [{ memberships: {} }, kept({ dropped: { memberships: ORG } }), ['org_1']],
      { withheld: { memberships: ORG } },
    ],
    [
      'does not give back lost roles in an organization that the other account has left since',
      [
        { memberships: {} },
        kept({ dropped: { memberships: ['org_1 rol_1'] }, shared: { memberships: ['org_1'] } }),
      ],
      { withheld: { memberships: ['org_1 rol_1', 'org_1'] } },
    ],
    [
      'gives back a role in an organization whose membership the link did not keep',
      [{ memberships: {} }, kept({ dropped: { memberships: ['org_1 rol_1'] } })],
      { give: { memberships: ['org_1 rol_1'] } },
    ],
    [
      'goes by roles for itself, whatever organization has the same id',
      [
        { roles: {}, memberships: {} },
        kept({ dropped: { roles: ['org_1 rol_1'] }, given: { roles: ['org_1'] } }),
      ],
      { give: { roles: ['org_1 rol_1'] }, withheld: { roles: ['org_1'] } },
    ],
    ['gives back nothing if nothing was kept', [{ roles: held('a') }, undefined], {}],
  ])('%s', (_what, given, expected) => {
    expect(planRightsReturn(...given)).toEqual({ give: {}, take: {}, withheld: {}, ...expected })
  })
})

describe('keptKinds and keptNone', () => {
  it.each(['given', 'dropped', 'shared'] as const)('include rights in the list %s', (list) => {
    const rights = kept({ [list]: { permissions: ['p x'] } })
    expect(keptKinds(rights)).toEqual(['permissions'])
    expect(keptNone(rights)).toBe(false)
  })

  it('are empty if there are no rights', () => {
    expect(keptKinds(NO_RIGHTS)).toEqual([])
    expect(keptNone(NO_RIGHTS)).toBe(true)
    expect(keptNone(undefined)).toBe(true)
  })
})

describe('mergeKeptRights', () => {
  it("returns the later snapshot's rights if there are no others", () => {
    const later = kept({ given: { roles: ['a'] } })
    expect(mergeKeptRights(undefined, later)).toEqual(later)
  })

  it('keeps rights that only the earlier snapshot lists, and prefers the later one for those in both', () => {
    const earlier = kept({
      given: { roles: ['a', 'b'], permissions: ['a'] },
      dropped: { roles: ['c'], memberships: ['org_1'] },
      shared: { roles: ['d', 'e'] },
    })
    const later = kept({
      given: { roles: ['c'] },
      dropped: { roles: ['d'] },
      shared: { roles: ['a'] },
    })
    expect(mergeKeptRights(earlier, later)).toEqual({
      given: { roles: ['c', 'b'], permissions: ['a'] },
      dropped: { roles: ['d'], memberships: ['org_1'] },
      shared: { roles: ['a', 'e'] },
    })
  })
})
