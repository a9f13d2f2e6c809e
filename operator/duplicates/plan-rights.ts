/**
 * Reads what the accounts of a plan hold: at a pace, and never again what an earlier run has read.
 * @module
 */
import { appendFileSync, existsSync } from 'node:fs'
import { decidingKinds, type LinkingUser, type LinkPolicy, type RightsCalls, withRights } from '../../core'
import type { Folder } from './folder'
import { readLines } from './lines'

/** A line of the file in which rights are kept. */
interface KeptRights {
  /** User ids of the accounts that were read together. */
  users: string[]
  rights: LinkingUser['rights'][]
}

/**
 * Gives a function that adds what accounts hold.
 *
 * @param folder - Its `rights.ndjson` has what was read before, since the last scan.
 * @param calls - Of the Management API.
 * @param policy - The operator's rules: what is dropped anyway is not read.
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
  // What a kill has cut off must not spoil the next line.
  if (existsSync(path)) appendFileSync(path, '\n')
  return async (users) => {
    const ids = users.map(({ user_id }) => user_id)
    const before = known.get(nameOf(ids))
    if (before) return users.map((user, index) => ({ ...user, rights: before[index] }))
    const read = await withRights(calls, users, decidingKinds(policy))
    const kept: KeptRights = { users: ids, rights: read.map(({ rights }) => rights) }
    appendFileSync(path, `${JSON.stringify(kept)}\n`, { mode: 0o600 })
    return read
  }
}

/** A last line that was cut off by a kill is none. */
function parse(line: string): KeptRights | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
