/**
 * Decides whether two accounts may be linked, fast enough for very many pairs.
 * @module
 */
import type { LinkRefusal } from '../errors'
import type { LinkingUser } from '../identity'
import { withoutNulls } from '../json-values'
import { selectCarryOver } from '../records/metadata'
import { isReserved, keptOf } from '../records/own-keys'
import { type BothKinds, type LinkProof, mapMetadataKinds } from '../records/snapshot'
import { decideOffer } from '../rules/candidates'
import { decideLink } from '../rules/decide-link'
import type { LinkPolicy } from '../rules/policy-options'

/**
 * Two accounts of at most this many bytes each exceed no limit of a link. The snapshot (what a link keeps of the secondary
 * account) is small enough even if encoding makes every name three times as long, and the carried-over metadata fits into the
 * primary account's profile.
 */
const SMALL_BYTES = 800

/** The decision about a pair: as {@link decideOffer} returns it, without the hint about rights for the prompt. */
export type PairVerdict =
  | { stays: 'current' | 'candidate'; carried: BothKinds; reason?: undefined }
  | { stays?: undefined; carried?: undefined; reason: LinkRefusal }

/**
 * Decides as {@link decideOffer} does. If both accounts are so small that nothing can exceed a limit, it builds and hashes no
 * snapshot.
 *
 * @param one - The account that the result calls `current`.
 * @param other - The account that the result calls `candidate`.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @param proof - The proof as the snapshot will hold it.
 */
export async function decidePair(
  one: LinkingUser,
  other: LinkingUser,
  policy: LinkPolicy,
  now: number,
  proof: LinkProof,
): Promise<PairVerdict> {
  if (![one, other].every(isSmall)) return decideOffer(one, other, policy, now, proof)
  const { stays, reason } = decideLink(one, other, policy, now)
  if (!stays) return { reason }
  const [primary, secondary] = stays === 'current' ? [one, other] : [other, one]
  return { stays, carried: selectCarryOver(primary, heldBy(secondary), policy) }
}

const isSmall = ({ bytes, rights, app_metadata }: LinkingUser): boolean =>
  rights === undefined && bytes <= SMALL_BYTES && !Object.keys(app_metadata).some(isReserved)

const heldBy = ({ user_metadata, app_metadata }: LinkingUser): BothKinds => {
  const held = { user_metadata, app_metadata: keptOf(app_metadata) }
  return mapMetadataKinds((kind) => withoutNulls(held[kind]))
}
