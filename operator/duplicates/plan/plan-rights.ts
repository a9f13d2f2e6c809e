/**
 * Reads the rights (roles, permissions, memberships, factors) of the accounts in a plan. It does not read again what an
 * earlier run has read.
 * @module
 */
import { appendFileSync, existsSync } from 'node:fs'
import {
  decidingKinds,
  type LinkingUser,
  type LinkPolicy,
  type RightsCalls,
  readRightsOf,
} from '../../../core'
import type { Folder } from '../folder'
import { readLines } from '../lines'

/** A line of `rights.ndjson`. */
interface KeptRights {
  /** User ids of the accounts that were read together. `rights` has the same order. */
  users: string[]
  rights: LinkingUser['rights'][]
}

/**
 * Returns a function that adds the `rights` of accounts.
 *
 * @param folder - Its `rights.ndjson` has the rights that were read since the last scan.
 * @param calls - Access to the Management API.
 * @param policy - The linking rules. Kinds of rights with the rule `drop` are not read.
 */
export async function rightsKeeper(
  { rights: path }: Folder,
  calls: RightsCalls,
  policy: LinkPolicy,
): Promise<(users: LinkingUser[]) => Promise<LinkingUser[]>> {
  const known = new Map<string, KeptRights['rights']>()
  const nameOf = (users: string[]) => JSON.stringify(users)
  for await (const line of readLines(path)) {
    const kept = parse(line)
    if (kept) known.set(nameOf(kept.users), kept.rights)
  }
  // If a kill has cut off the last line, the next one must still start on a new line.
  if (existsSync(path)) appendFileSync(path, '\n')
  return async (users) => {
    const ids = users.map(({ user_id }) => user_id)
    const before = known.get(nameOf(ids))
    if (before) return users.map((user, index) => ({ ...user, rights: before[index] }))
    const read = await readRightsOf(calls, users, decidingKinds(policy))
    const kept: KeptRights = { users: ids, rights: read.map(({ rights }) => rights) }
    appendFileSync(path, `${JSON.stringify(kept)}\n`, { mode: 0o600 })
    return read
  }
}

/** Parses a line; undefined if a kill has cut it off. */
function parse(line: string): KeptRights | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
