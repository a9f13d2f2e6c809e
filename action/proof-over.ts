import { hash12, type LinkingUser, lastEviction, parseJournal, secondsOf } from '../core'

/**
 * Whether an identity was taken out of one of two accounts since one of them was proven for this link: on the page, in another
 * tab. What the person proved and read then is no longer so, and linking the two again needs a new proof.
 *
 * The tenant's clock dates the proof and the unlink to a second, so of the same second this cannot tell: then the pair itself is
 * looked at, which is not offered again after it was taken apart.
 *
 * @param users - Both, read now.
 * @param offeredAt - When the pair was offered, in seconds since the epoch.
 * @param provenAt - When one of them was proven, in seconds since the epoch by the tenant's clock; undefined if the answer does
 *   not say.
 */
export async function isProofOver(
  users: LinkingUser[],
  offeredAt: number,
  provenAt: number | undefined,
): Promise<boolean> {
  // An unlink is noted as the second after it. An account that was taken out of another one is a new user from then on.
  const partedAt = (user: LinkingUser) => Math.max(lastEviction(user) - 1, secondsOf(user.created_at))
  if (provenAt !== undefined && users.some((user) => partedAt(user) > provenAt)) return true
  const ids = await Promise.all(users.map(({ user_id }) => hash12(user_id)))
  return users
    .flatMap(parseJournal)
    .some(({ event, at, identity }) => event !== 'linked' && ids.includes(identity) && at >= offeredAt)
}
