/**
 * Carries out a link that was decided, in the order in which nothing can be lost: what is kept of the account that ends is
 * written first, then the two are linked, then the answer is looked at.
 * @module
 */
import type { LinkFailure, LinkRefusal } from './errors'
import { holds, type Identity, type LinkingUser, parseUser } from './identity'
import { isAbsent } from './json-values'
import type { BothKinds } from './records/snapshot'

/** What a call of the Management API fails with: the tenant's answer, if there was one. */
export interface CallFailure {
  status?: number
  /** How long the tenant asks to wait, in milliseconds. */
  waitMs?: number
}

/** The calls of the Management API that a link takes. They throw a {@link CallFailure}. */
export interface LinkCalls {
  /** Reads a user, and repeats the call if that helps. */
  read(userId: string): Promise<unknown>
  /** Merges into a user, gives the result, and repeats the call if that helps. */
  patch(userId: string, body: object): Promise<unknown>
  /** Links an identity and gives all identities. Never repeats the call. */
  link(userId: string, identity: Identity): Promise<unknown>
  /** Waits as long as a failed call asks for; false, at once, if there is no time for it. */
  pause(failure?: CallFailure): Promise<boolean>
}

/** What else is done around a link. */
export interface LinkSteps {
  /** Says what stands against the link by now, of the account that stays as it was written. */
  recheck(written: LinkingUser): LinkRefusal | undefined
  /** Done once the snapshot is written. If it throws or gives a reason, nothing is linked. */
  beforeLink?(): Promise<LinkRefusal | undefined>
  /** Takes back what {@link LinkSteps.beforeLink} did, if it is known that nothing was linked. */
  ifNotLinked?(): Promise<void>
}

/** Whether the tenant has refused, and so is known not to have acted. No answer, a broken one or a 5xx leave that open. */
export const isRefusal = (failure?: CallFailure): failure is CallFailure =>
  failure?.status !== undefined && failure.status < 500

/** Whether the same call would be refused again. */
export const isFinal = (failure?: CallFailure): boolean => isRefusal(failure) && failure.status !== 429

/** Whether a link that failed for this reason would fail at the next login too, although it would be offered. */
export const isCertain = (reason: LinkRefusal | LinkFailure | undefined): boolean =>
  reason !== undefined && ['link_refused', 'missing_scope'].includes(reason)

/** Our word for a call that failed. */
export const failureOf = (failure?: CallFailure): LinkFailure =>
  failure?.status === 403 ? 'missing_scope' : isFinal(failure) ? 'link_refused' : 'management_failed'

/**
 * Writes, links, and makes sure.
 *
 * @param calls - The Management API.
 * @param primary - The account that stays.
 * @param secondary - The account that ends, which has one identity.
 * @param patch - What is written to the account that stays: carry-over, snapshot, marks.
 * @param steps - What else is done.
 * @returns Nothing if the identity is in the account, or why it is not; `outcome_unknown` if the answer was lost and even the reads
 *   after it failed, for as long as there was time.
 * @throws {CallFailure} If writing failed: nothing was linked.
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
  // If this fails too, a later login or view of the page does it.
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
  const isLinked = (user: LinkingUser) => holds(user, secondary.user_id)
  const written = parseUser(await calls.patch(primary.user_id, patch))
  for (const [key, value] of Object.entries(patch.app_metadata))
    if (!isAbsent(value) && !Object.hasOwn(written.app_metadata, key)) return 'management_failed'
  // Since it was read, the account that stays may have been linked by another login, or blocked.
  if (isLinked(written)) return
  const reason = recheck(written) ?? (await beforeLink())
  if (reason) return reason

  for (let mayRepeat = true; ; mayRepeat = false) {
    let failure: CallFailure | undefined
    try {
      const identities = await calls.link(primary.user_id, secondary.identities[0] as Identity)
      if (isLinked(parseUser({ identities }))) return
    } catch (error) {
      failure = error as CallFailure
    }
    // 409 is said of an identity that is linked already, perhaps by the very call whose answer was lost.
    // Until a read says what became of it, or there is no time left.
    while (!isRefusal(failure) || failure.status === 409) {
      try {
        if (isLinked(parseUser(await calls.read(primary.user_id)))) return
        break
      } catch (error) {
        if (isFinal(error as CallFailure) || !(await calls.pause(error as CallFailure)))
          return 'outcome_unknown'
      }
    }
    if (isFinal(failure) || !mayRepeat || !(await calls.pause(failure))) return failureOf(failure)
  }
}
