/**
 * Whether two accounts may be linked, decided for very many pairs.
 * @module
 */
import type { LinkRefusal } from '../errors'
import type { LinkingUser } from '../identity'
import { withoutNulls } from '../json-values'
import { selectCarryOver } from '../records/metadata'
import { isReserved, keptOf } from '../records/own-keys'
import { type BothKinds, type LinkProof, ofBoth } from '../records/snapshot'
import { decideOffer } from '../rules/candidates'
import { decideLink } from '../rules/decide-link'
import type { LinkPolicy } from '../rules/policy-options'

/**
 * Bytes of an account up to which everything that a link keeps of it fits into a snapshot, even if encoding makes every name three
 * times as long; and everything that the account which stays takes over fits into its profile.
 */
const SMALL_BYTES = 800

/** The answer of {@link decideOffer} on accounts of which nothing is known of what they hold. */
export type PairVerdict =
  | { stays: 'current' | 'candidate'; carried: BothKinds; reason?: undefined }
  | { stays?: undefined; carried?: undefined; reason: LinkRefusal }

/**
 * Decides as {@link decideOffer}, without hashing anything if both accounts are so small that nothing about them can be too large.
 *
 * @param one - One of the accounts.
 * @param other - The other one.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @param proof - As it will stand in the snapshot.
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
  return ofBoth((kind) => withoutNulls(held[kind]))
}
