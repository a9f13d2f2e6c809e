/**
 * Carries out a link that was decided, in an order that loses nothing: it writes the secondary account's snapshot first, then
 * links the two, then checks the result.
 * @module
 */
import type { LinkFailure, LinkRefusal } from './errors'
import { hasIdentity, type Identity, type LinkingUser, parseUser } from './identity'
import { isAbsent } from './json-values'
import type { BothKinds } from './records/snapshot'

/** What a failed Management API call throws. Without `status` there was no HTTP response. */
export interface CallFailure {
  status?: number
  /** There was no access token, so the call was not sent. The status is that of the request for a token, then. */
  isUnsent?: boolean
  /** Milliseconds to wait, as the tenant asks. */
  waitMs?: number
}

/** The Management API calls that a link needs. They throw a {@link CallFailure}. */
export interface LinkCalls {
  /** Reads a user, with retries. */
  read(userId: string): Promise<unknown>
  /** Merges `body` into a user, with retries, and returns the updated user. */
  patch(userId: string, body: object): Promise<unknown>
  /** Links an identity in one call. Returns all identities. */
  link(userId: string, identity: Identity): Promise<unknown>
  /** Waits as long as the failed API call's response asks. Returns false at once if there is no time for that. */
  pause(failure?: CallFailure): Promise<boolean>
}

/** Steps of the caller around a link. */
export interface LinkSteps {
  /** Checks the primary account, as it is after the write, and returns the reason if the link is no longer allowed. */
  recheck(written: LinkingUser): LinkRefusal | undefined
  /** Runs after the snapshot is written. If it throws or returns a reason, nothing is linked. */
  beforeLink?(): Promise<LinkRefusal | undefined>
  /** Reverts {@link LinkSteps.beforeLink}. Runs only if it is certain that nothing was linked. */
  ifNotLinked?(): Promise<void>
}

/** Whether the tenant refused (4xx), so that it certainly changed nothing. Without a response, or with a 5xx, it may have. */
export const isClientError = (failure?: CallFailure): failure is CallFailure =>
  failure?.status !== undefined && failure.status >= 400 && failure.status < 500

/** Whether a retry would be refused too. */
export const isPermanentFailure = (failure?: CallFailure): boolean =>
  isClientError(failure) && failure.status !== 429

/** Our error code for a failed API call. A call that was not sent may succeed as soon as there is a token. */
export const failureOf = (failure?: CallFailure): LinkFailure =>
  failure?.isUnsent || !isPermanentFailure(failure)
    ? 'management_failed'
    : failure?.status === 403
      ? 'missing_scope'
      : 'link_refused'

/**
 * Writes the snapshot, links, and verifies the link if the response was lost.
 *
 * @param calls - The Management API.
 * @param primary - The account that stays.
 * @param secondary - The account that ends; it has one identity.
 * @param patch - Written to the primary account before the link: carried-over metadata, snapshot, marks.
 * @param steps - Steps of the caller.
 * @returns Undefined if the accounts are linked, otherwise the reason; `outcome_unknown` if the response was lost and no
 *   later read succeeded.
 * @throws {CallFailure} If the write or `beforeLink` failed: nothing was linked.
 */
export async function carryOutLink(
  calls: LinkCalls,
  primary: LinkingUser,
  secondary: LinkingUser,
  patch: Pick<BothKinds, 'app_metadata'>,
  steps: LinkSteps,
): Promise<LinkRefusal | LinkFailure | undefined> {
  let mustTakeBack = false
  const beforeLink = async () => {
    if (!steps.beforeLink) return
    mustTakeBack = true
    return steps.beforeLink()
  }
  // If this fails, a later link or page view reverts it.
  const takeBack = async () => mustTakeBack && steps.ifNotLinked?.().catch(() => undefined)
  try {
    const reason = await writeAndLink(calls, primary, secondary, patch, { ...steps, beforeLink })
    if (reason && reason !== 'outcome_unknown') await takeBack()
    return reason
  } catch (error) {
    await takeBack()
    throw error
  }
}

async function writeAndLink(
  calls: LinkCalls,
  primary: LinkingUser,
  secondary: LinkingUser,
  patch: Pick<BothKinds, 'app_metadata'>,
  { recheck, beforeLink }: LinkSteps & Required<Pick<LinkSteps, 'beforeLink'>>,
): Promise<LinkRefusal | LinkFailure | undefined> {
  const isLinked = (user: LinkingUser) => hasIdentity(user, secondary.user_id)
  const written = parseUser(await calls.patch(primary.user_id, patch))
  for (const [key, value] of Object.entries(patch.app_metadata))
    if (!isAbsent(value) && !Object.hasOwn(written.app_metadata, key)) return 'management_failed'
  // Another login may have linked the primary account since we read it, or it may have been blocked.
  if (isLinked(written)) return
  const reason = recheck(written) ?? (await beforeLink())
  if (reason) return reason

  for (let isFirstTry = true; ; isFirstTry = false) {
    let failure: CallFailure | undefined
    try {
      const identities = await calls.link(primary.user_id, secondary.identities[0] as Identity)
      if (isLinked(parseUser({ identities }))) return
    } catch (error) {
      failure = error as CallFailure
    }
    // 409 means that the identity is linked already, perhaps by our own call whose response was lost.
    // Read until a response shows whether it is linked, or there is no time left.
    while (!failure?.isUnsent && (!isClientError(failure) || failure.status === 409)) {
      try {
        if (isLinked(parseUser(await calls.read(primary.user_id)))) return
        break
      } catch (error) {
        if (isPermanentFailure(error as CallFailure) || !(await calls.pause(error as CallFailure)))
          return 'outcome_unknown'
      }
    }
    if (isPermanentFailure(failure) || !isFirstTry || !(await calls.pause(failure))) return failureOf(failure)
  }
}
