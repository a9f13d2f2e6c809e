import { hash12, type LinkingUser, lastUnlinkAt, parseJournal, secondsOf } from '../core'

/**
 * Whether the page "Sign-in methods" unlinked an identity from either account after the proof for this link, perhaps in
 * another tab. Then the proof and what the person read are out of date, and the link needs a new proof.
 *
 * The tenant's clock dates proof and unlink in whole seconds, so they cannot be ordered within one second. Therefore this also
 * checks the accounts' journals (links and unlinks, in `app_metadata`) for an unlink of this very pair since the offer.
 *
 * @param users - Both users, read now.
 * @param offeredAt - When the pair was offered, in seconds since the epoch.
 * @param provenAt - When the candidate was proven, in seconds since the epoch by the tenant's clock; undefined if the response
 *   token does not say.
 */
export async function isProofOutdated(
  users: LinkingUser[],
  offeredAt: number,
  provenAt: number | undefined,
): Promise<boolean> {
  // The journal dates an unlink one second late. An unlinked account is a new user, created at the unlink.
  const partedAt = (user: LinkingUser) => Math.max(lastUnlinkAt(user) - 1, secondsOf(user.created_at))
  if (provenAt !== undefined && users.some((user) => partedAt(user) > provenAt)) return true
  const ids = await Promise.all(users.map(({ user_id }) => hash12(user_id)))
  return users
    .flatMap(parseJournal)
    .some(({ event, at, identity }) => event !== 'linked' && ids.includes(identity) && at >= offeredAt)
}
