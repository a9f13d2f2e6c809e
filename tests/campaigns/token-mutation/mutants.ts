/**
 * All ways in which a token may differ from ours, as fast-check arbitraries, so that one seed determines them.
 * @module
 */
import fc from 'fast-check'
import {
  ALTERATIONS,
  identitiesOf,
  pathsOf,
  timesOf,
  toJson,
  VALUES,
  valueAt,
  withValue,
} from './claim-mutations'
import { type Door, encode, type Genuine, genuine, HEADER, seal, sign, tokenOf } from './genuine'
import { ALGORITHMS, HEADER_TEXTS, HEADERS, wrongKeys } from './key-mutations'
import { EXTRA, PAYLOADS } from './payload-mutations'
import { RESPELLINGS, TEXT_MUTATIONS } from './text-mutations'
import type { TokenWorld } from './world'

/** A token, and the place at which it arrives. */
export interface Mutant {
  door: Door
  kind: string
  /** What was changed. */
  what: string
  token: string
}

type Made = Omit<Mutant, 'kind'>

const pick = <Item>(list: Item[], index: number): Item => list[index % list.length] as Item

/**
 * Tokens of all kinds, including unchanged ones.
 *
 * @param world - The login, and the keys that sign them.
 */
export function mutants(world: TokenWorld): fc.Arbitrary<Mutant> {
  const kinds = { ...textKinds(world), ...keyKinds(world), ...claimKinds(world), ...kindsOfSeveral(world) }
  return fc.oneof(
    ...Object.entries(kinds).map(([kind, made]) => made.map((mutant): Mutant => ({ kind, ...mutant }))),
  )
}

/** One of the entries, with its name. */
const entryOf = <Value>(entries: Record<string, Value>) => fc.constantFrom(...Object.entries(entries))

function textKinds(world: TokenWorld): Record<string, fc.Arbitrary<Made>> {
  const token = genuine(world)
  return Object.fromEntries(
    Object.entries(TEXT_MUTATIONS).map(([kind, mutations]) => [
      kind,
      fc
        .tuple(token, entryOf(mutations), fc.nat(), fc.nat())
        .map(([one, [what, mutate], a, b]) => ({ door: one.door, what, token: mutate(tokenOf(one), a, b) })),
    ]),
  )
}

function keyKinds(world: TokenWorld): Record<string, fc.Arbitrary<Made>> {
  const token = genuine(world)
  const keys = wrongKeys(world)
  const someKey = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.nat({ max: keys.length - 1 }).map((at) => [`wrong key ${at}`, keys[at] ?? ''] as const),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 64, size: 'max' })
        .map((bytes) => [`key ${Buffer.from(bytes).toString('hex')}`, Buffer.from(bytes)] as const),
    },
  )
  const header = fc.oneof(
    fc.constantFrom(...HEADERS).map((value) => JSON.stringify(value)),
    fc.constantFrom(...HEADER_TEXTS),
  )
  return {
    'another key': fc.tuple(token, someKey, header).map(([{ door, claims }, [what, key], other]) => ({
      door,
      what,
      // Keys of an odd length get an unusual header as well.
      token: key.length % 2 === 0 ? sign(claims, key) : seal(encode(other), encode(claims), key),
    })),
    algorithm: fc
      .tuple(token, entryOf(ALGORITHMS))
      .map(([{ door, claims, key }, [what, make]]) => ({ door, what, token: make(claims, key) })),
    header: fc.tuple(token, header).map(([{ door, claims, key }, text]) => ({
      door,
      what: text.slice(0, 80),
      token: seal(encode(text), encode(claims), key),
    })),
  }
}

function claimKinds(world: TokenWorld): Record<string, fc.Arbitrary<Made>> {
  const token = genuine(world)
  const times = timesOf(world.now)
  const time = fc.constantFrom(...times)
  const anyTime = fc.oneof({ weight: 4, arbitrary: time }, { weight: 1, arbitrary: fc.double() })
  const changed = (change: fc.Arbitrary<(claims: unknown) => unknown>) =>
    fc.tuple(token, fc.nat(), change).map(([{ door, claims, key }, which, alter]) => {
      const at = pick(pathsOf(claims), which)
      const value = alter(valueAt(claims, at))
      const what = `${at.join('.')} = ${value === undefined ? 'absent' : JSON.stringify(value)?.slice(0, 80)}`
      return { door, what, token: sign(toJson(withValue(claims, at, value)), key) }
    })
  return {
    'claim left out': changed(fc.constant(() => undefined)),
    'claim of another type': changed(
      fc
        .oneof({ weight: 4, arbitrary: fc.constantFrom(...VALUES) }, { weight: 1, arbitrary: fc.jsonValue() })
        .map((value) => () => value),
    ),
    'claim altered': changed(
      fc.constantFrom(...ALTERATIONS).map((alter) => (value: unknown) => alter(value, world)),
    ),
    identities: fc
      .tuple(token, fc.array(fc.constantFrom(...identitiesOf(world)), { maxLength: 24, size: 'max' }))
      .map(([{ door, claims, key }, list]) => {
        const pair = { primary_identity: list[0], secondary_identity: list[1] }
        const given = door === 'link' ? { candidate_identities: list } : { ...pair, result: 'link' }
        return { door, what: JSON.stringify(given).slice(0, 80), token: sign({ ...claims, ...given }, key) }
      }),
    times: fc
      .tuple(token, fc.constantFrom('iat', 'exp', 'nbf', 'both'), anyTime, time)
      .map(([{ door, claims, key }, name, one, other]) => {
        const given = name === 'both' ? { iat: one, exp: other } : { [name]: one }
        const json = toJson({ ...claims, ...given })
        return { door, what: toJson(given), token: sign(json, key) }
      }),
    'claim added': fc.tuple(token, fc.constantFrom(...EXTRA), fc.boolean()).map(([one, extra, isLast]) => {
      const json = JSON.stringify(one.claims)
      const more = isLast ? `${json.slice(0, -1)},${extra}}` : `{${extra},${json.slice(1)}`
      return { door: one.door, what: extra.slice(0, 80), token: sign(more, one.key) }
    }),
    'name given twice': fc
      .tuple(token, fc.nat(), fc.constantFrom(...VALUES), fc.boolean())
      .map(([{ door, claims, key }, which, value, isLast]) => {
        const [name] = pick(pathsOf(claims), which)
        const json = JSON.stringify(claims)
        const again = `${JSON.stringify(name)}:${JSON.stringify(value)}`
        const doubled = isLast ? `${json.slice(0, -1)},${again}}` : `{${again},${json.slice(1)}`
        return { door, what: `${again}, ${isLast ? 'last' : 'first'}`, token: sign(doubled, key) }
      }),
    payload: fc.tuple(token, fc.nat({ max: PAYLOADS.length - 1 })).map(([{ door, claims, key }, at]) => ({
      door,
      what: `payload ${at}`,
      token: sign(PAYLOADS[at]?.(JSON.stringify(claims)), key),
    })),
    'signed as spelled otherwise': fc
      .tuple(token, entryOf(RESPELLINGS), fc.boolean(), fc.nat(), fc.nat())
      .map(([{ door, claims, key }, [what, respell], isHeader, a, b]) => {
        const header = isHeader ? respell(encode(HEADER), a, b) : encode(HEADER)
        const payload = isHeader ? encode(claims) : respell(encode(claims), a, b)
        return {
          door,
          what: `${what}, ${isHeader ? 'header' : 'payload'}`,
          token: seal(header, payload, key),
        }
      }),
    length: fc.tuple(token, fc.integer({ min: -3, max: 3 })).map(([{ door, claims, key }, over]) => {
      const frame = sign({ ...claims, long: '' }, key).length
      const long = 'x'.repeat(Math.max(0, Math.floor(((16_384 - frame) * 3) / 4) + over))
      return { door, what: `${over} bytes around the longest`, token: sign({ ...claims, long }, key) }
    }),
  }
}

function kindsOfSeveral(world: TokenWorld): Record<string, fc.Arbitrary<Made>> {
  const token = genuine(world)
  const door = fc.constantFrom<Door>('link', 'finish', 'continue')
  return {
    untouched: token.map((one) => ({ door: one.door, what: '', token: tokenOf(one) })),
    spliced: fc.tuple(door, token, token, token).map(([at, ...three]) => ({
      door: at,
      what: `of ${three.map((one) => one.door).join(', ')}`,
      token: three.map((one, part) => tokenOf(one).split('.')[part]).join('.'),
    })),
    'token of another kind': fc
      .tuple(
        door,
        token,
        fc.constantFrom('as it is', 'with the claims of both', 'with its purpose', 'with its issuer'),
        token,
      )
      .map(([at, one, what, other]) => ({
        door: at,
        what: `${one.door}, ${what}`,
        token: mixed(one, what, other),
      })),
  }
}

/** A token of one kind that looks like one of another. */
function mixed({ claims, key }: Genuine, how: string, other: Genuine): string {
  const { purpose, iss } = other.claims
  if (how === 'with the claims of both') return sign({ ...other.claims, ...claims }, key)
  if (how === 'with its purpose') return sign({ ...claims, purpose }, key)
  if (how === 'with its issuer') return sign({ ...claims, iss }, key)
  return sign(claims, key)
}
