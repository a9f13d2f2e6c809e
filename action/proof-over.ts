import { hash12, type LinkingUser, lastEviction, parseJournal, secondsOf } from '../core'

/**
 * Whether the page took an identity out of one of two accounts after one of them was proven for this link, perhaps in another
 * tab. What the person proved and read is then out of date, and linking the two needs a new proof.
 *
 * The tenant's clock dates the proof and the unlink to the second, so this cannot order the two within one second. For that case
 * it also checks the pair itself, which is not offered again after the page took it apart.
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
