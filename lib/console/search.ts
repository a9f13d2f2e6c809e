import 'server-only'
import { z } from 'zod'
import { splitUserId } from '../../core'
import type { Account } from '../auth0/account'
import { parseAccount } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'

/** The longest text that can be searched for, in characters: as long as the longest user id that Auth0 allows. */
export const MAX_SEARCH_CHARACTERS = 600
/** The text that an operator searches for. */
export const SearchText = z.string().max(MAX_SEARCH_CHARACTERS)
/** The most accounts that a search shows. */
const MAX_FOUND = 50

/**
 * Finds accounts by an exact value: an email address (in the given spelling and in lower case), a user id, or the id of an identity
 * that is part of an account, with or without its provider.
 *
 * @param what - The text as the operator typed it.
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
    if (isRefused(error)) return []
    throw error
  }
}

/** Whether the tenant has no such account, or cannot search for such a text. A rate limit says nothing of either. */
const isRefused = (error: unknown): boolean =>
  error instanceof ManagementApiError && (error.status === 404 || error.status === 400)

/** Auth0 indexes the ids of identities without their provider, so the provider is checked in the accounts that it returns. */
async function byIdentity(api: ManagementApi, wanted: string): Promise<Account[]> {
  const named = splitUserId(wanted)
  const quoted = (named?.id ?? wanted).replace(/[\\"]/g, '\\$&')
  const query = new URLSearchParams({
    q: `identities.user_id:"${quoted}"`,
    search_engine: 'v3',
    per_page: '50',
  })
  const listed = await api.call('GET', `/users?${query}`).catch((error: unknown) => {
    if (isRefused(error)) return []
    throw error
  })
  const accounts = (Array.isArray(listed) ? listed : []).flatMap((raw) => parseAccount(raw) ?? [])
  return accounts.filter(({ identities }) =>
    identities.some(({ user_id }) => user_id === wanted || (!named && splitUserId(user_id)?.id === wanted)),
  )
}
