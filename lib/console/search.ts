import 'server-only'
import { z } from 'zod'
import { splitUserId } from '../../core'
import type { Account } from '../auth0/account'
import { parseAccount } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'

/** Longest search that is made, in characters: the longest user id that Auth0 allows. */
export const MAX_SEARCH_CHARACTERS = 600
/** What an operator searches for. */
export const SearchText = z.string().max(MAX_SEARCH_CHARACTERS)
/** Most accounts that a search shows. */
const MAX_FOUND = 50

/**
 * Finds accounts, exactly: by an email address in any spelling of upper and lower case; by a user id; or by the id of an identity
 * that is part of an account, with or without its provider.
 *
 * @param what - As an operator has typed it.
 * @throws {ManagementApiError}
 */
export async function findAccounts(api: ManagementApi, what: string): Promise<Account[]> {
  const wanted = what.trim()
  if (wanted === '' || wanted.length > MAX_SEARCH_CHARACTERS) return []
  const found = await Promise.all([
    wanted.includes('@') ? api.findUsers(wanted) : [],
    wanted.includes('|') ? byId(api, wanted) : [],
    byIdentity(api, wanted),
  ])
  const accounts = new Map(found.flat().map((account) => [account.user_id, account]))
  return [...accounts.values()].filter(({ identities }) => identities.length > 0).slice(0, MAX_FOUND)
}

async function byId(api: ManagementApi, userId: string): Promise<Account[]> {
  try {
    return [await api.getUser(userId)]
  } catch (error) {
    if (error instanceof ManagementApiError && ['not_found', 'management_failed'].includes(error.code))
      return []
    throw error
  }
}

/** Auth0's index has the ids of identities without their provider, so the answer is checked for it. */
async function byIdentity(api: ManagementApi, wanted: string): Promise<Account[]> {
  const named = splitUserId(wanted)
  const quoted = (named?.id ?? wanted).replace(/[\\"]/g, '\\$&')
  const query = new URLSearchParams({
    q: `identities.user_id:"${quoted}"`,
    search_engine: 'v3',
    per_page: '50',
  })
  const listed = await api.call('GET', `/users?${query}`).catch((error: unknown) => {
    // An answer without users is an empty list, and the tenant refuses text that it cannot search for.
    if (error instanceof ManagementApiError && error.code === 'management_failed') return []
    throw error
  })
  const accounts = (Array.isArray(listed) ? listed : []).flatMap((raw) => parseAccount(raw) ?? [])
  return accounts.filter(({ identities }) =>
    identities.some(({ user_id }) => user_id === wanted || (!named && splitUserId(user_id)?.id === wanted)),
  )
}
