/**
 * Writes an export of made-up users for measurements. It can have any size, because the users are not held in memory.
 * @module
 */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** Of 20 people, one has two accounts: about a tenth of the accounts share their address. */
const PEOPLE = 20
const ACCOUNTS = PEOPLE + 1
/** Lines that are written at once. */
const LINES = 1_000

/** What an export holds. */
export interface MadeExport {
  users: number
  /** Addresses that two accounts have. */
  groups: number
}

/**
 * Writes users in an order in which the accounts of a person are far apart.
 *
 * @param path - The gzipped file; replaced.
 * @param size - How many users; rounded down to whole groups of people.
 * @returns How many users and shared addresses the export has.
 */
export async function makeExport(path: string, size: number): Promise<MadeExport> {
  const rounds = Math.floor(size / ACCOUNTS)
  const users = rounds * ACCOUNTS
  await pipeline(Readable.from(blocks(users)), createGzip({ level: 6 }), createWriteStream(path))
  return { users, groups: rounds }
}

function* blocks(users: number) {
  const step = strideOf(users)
  let lines: string[] = []
  for (let index = 0, place = 0; index < users; index += 1, place = (place + step) % users) {
    lines.push(lineOf(place))
    if (lines.length === LINES) {
      yield `${lines.join('\n')}\n`
      lines = []
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}

/** A step that visits every place once before it comes back to the first. */
function strideOf(users: number): number {
  let step = Math.floor(users * 0.618) | 1
  while (greatestDivisor(step, users) !== 1) step += 2
  return step
}

const greatestDivisor = (one: number, other: number): number =>
  other === 0 ? one : greatestDivisor(other, one % other)

/** A pseudo-random number below 2^32, so that the file compresses about as well as a real export. */
function mixed(number: number): number {
  let value = (number + 0x6d2b79f5) >>> 0
  value = Math.imul(value ^ (value >>> 15), value | 1)
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
  return (value ^ (value >>> 14)) >>> 0
}

/** The user at a place: the last of each round is the second account of a person of that round. */
function lineOf(place: number): string {
  const round = Math.floor(place / ACCOUNTS)
  const isSecond = place % ACCOUNTS === PEOPLE
  const person = round * PEOPLE + (isSecond ? 0 : place % ACCOUNTS)
  const name = `p${mixed(person).toString(36)}.${person.toString(36)}`
  const email = `${isSecond ? `P${name.slice(1)}` : name}@example.com`
  const id = `${mixed(place).toString(16).padStart(8, '0')}${place.toString(16).padStart(16, '0')}`
  const [provider, connection] = isSecond
    ? ['google-oauth2', 'google-oauth2']
    : ['auth0', 'Username-Password-Authentication']
  const day = (salt: number) =>
    new Date(1_514_764_800_000 + (mixed(place + salt) % 250_000_000) * 1_000).toISOString()
  return JSON.stringify({
    user_id: `${provider}|${id}`,
    email,
    email_verified: mixed(place + 1) % 10 !== 0,
    name,
    nickname: name,
    picture: `https://s.gravatar.com/avatar/${mixed(person + 7).toString(16)}${mixed(person + 8).toString(16)}?s=480`,
    created_at: day(2),
    updated_at: day(3),
    last_login: day(4),
    last_ip: `10.${mixed(place) % 256}.${mixed(place + 5) % 256}.${place % 256}`,
    logins_count: mixed(place + 6) % 400,
    identities: [{ connection, provider, user_id: id, isSocial: isSecond }],
    user_metadata: { language: ['en', 'de', 'fr'][place % 3], theme: 'dark' },
    app_metadata: place % 3 === 0 ? { customer_number: `C-${place}` } : {},
  })
}
