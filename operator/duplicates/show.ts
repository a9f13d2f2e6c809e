/**
 * `show`: prints one group to the terminal.
 * @module
 */
import { type LinkingUser, secondsOf } from '../../core'
import { readEnvironment } from '../shared/environment'
import { readArguments } from './arguments'
import { DuplicatesError } from './error'
import { folderAt } from './folder'
import type { StoredGroup } from './groups/found-groups'
import { decideAccounts, readAccounts, storedGroups } from './groups/read-groups'
import { masked } from './masked'
import { policyIn } from './settings'

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name. The first is the key of a group, or the user id of one of its
 *   accounts.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`, `environment_unusable`, `not_found`, `nothing_scanned`.
 */
export async function show([wanted = '', ...args]: string[]): Promise<number> {
  if (wanted === '' || wanted.startsWith('--'))
    throw new DuplicatesError('bad_arguments', 'Name a group first: its key, or a user id of it.')
  const values = readArguments(args, { 'show-addresses': { type: 'boolean', default: false } })
  const { 'show-addresses': isShown } = values
  const isWanted = ({ key, accounts }: StoredGroup) =>
    key === wanted || accounts.some(({ user_id: id }) => id === wanted)
  for await (const stored of storedGroups(folderAt(values.out))) {
    if (!isWanted(stored)) continue
    const policy = policyIn(readEnvironment(process.cwd(), values.env))
    const read = readAccounts(stored)
    const { stays, pairs } = await decideAccounts(read, { policy, now: Math.floor(Date.now() / 1000) })
    const lines = [...read.users, ...read.incomplete].map((user) => {
      const outcome = pairs.find(({ secondary }) => secondary === user.user_id)?.outcome
      return lineOf(user, outcome ?? (stays === null ? '' : 'stays'), isShown)
    })
    console.log([stored.key, ...lines].join('\n'))
    return 0
  }
  throw new DuplicatesError('not_found', 'No group that was scanned has this key or user id.')
}

function lineOf(user: LinkingUser, outcome: string, isShown: boolean): string {
  const { user_id: id, email, email_verified, blocked, created_at, logins_count = 0, identities } = user
  const made = secondsOf(created_at)
  const facts = [
    identities.map(({ connection }) => connection).join(' + '),
    ...(isShown ? [email ?? ''] : []),
    email_verified === true ? 'verified' : 'not verified',
    ...(blocked ? ['blocked'] : []),
    ...(made > 0 ? [`since ${new Date(made * 1000).toISOString().slice(0, 10)}`] : []),
    `${logins_count} logins`,
    outcome,
  ]
  return `  ${masked(id, isShown)}: ${facts.filter(Boolean).join(', ')}`
}
