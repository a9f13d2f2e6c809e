/**
 * Explains what a link would do with the rights (roles, permissions, memberships, factors) of two accounts.
 * @module
 */
import {
  decideLink,
  decideRights,
  type LinkingUser,
  type LinkPolicy,
  namesOfRights,
  RIGHTS_KINDS,
  type RightIds,
  type RightsCalls,
  type RightsKind,
  readRightsForLink,
  rightsMissingIn,
} from '..'

/**
 * Explains what a link would do with the secondary account's rights. It decides with the same functions as the Action does right
 * before the link.
 *
 * @param primary - The account that would stay.
 * @param secondary - The account that would end.
 * @param now - Seconds since the epoch.
 * @returns One or more sentences.
 * @throws What `api` throws.
 */
export async function rightsInWords(
  api: RightsCalls,
  primary: LinkingUser,
  secondary: LinkingUser,
  policy: LinkPolicy,
  now: number,
): Promise<string> {
  const read = await readRightsForLink(api, primary, secondary)
  const refuse = (reason: string, words = '') =>
    `The link would be refused: ${reason}.${words}${lossInWords(reason, read.primary, read.secondary)}`
  const decision = decideLink(read.primary, read.secondary, policy, now)
  if (decision.stays !== 'current') return refuse(decision.reason ?? 'decision_changed')
  const { plan, reason } = await decideRights(api, read.primary, read.secondary, policy)
  // `decideLink` has already refused links that lose memberships. So this code can only mean that the primary account would join an
  // organization but could not sign in to it.
  const isClosed = reason === 'memberships_lost'
  if (reason) return refuse(reason, isClosed ? ' No way to sign in leads into the organization.' : '')
  const unread = RIGHTS_KINDS.filter((kind) => !read.secondary.rights?.[kind])
  const sentences = [
    said('Carried over', namesOfRights(read.secondary, plan.given)),
    said('Lost', namesOfRights(read.secondary, plan.dropped)),
    said('Held by both', namesOfRights(read.secondary, plan.shared)),
    unread.length > 0 ? `Not readable, so lost: ${unread.join(', ')}.` : '',
  ].filter(Boolean)
  return sentences.join(' ') || 'It holds nothing.'
}

const said = (what: string, ids: RightIds): string => {
  const kinds = Object.entries(ids).map(([kind, names]) => `${kind} ${names.join(', ')}`)
  return kinds.length > 0 ? `${what}: ${kinds.join('; ')}.` : ''
}

/**
 * Says in words which rights each of two accounts has that the other lacks. It names only the kind of rights that a refusal code
 * such as `roles_lost` is about; the text is empty for a code that is not about rights.
 */
export function lossInWords(reason: string, one: LinkingUser, other: LinkingUser): string {
  const kind = RIGHTS_KINDS.find((each) => reason === `${each}_lost`)
  if (!kind) return ''
  const lacks = (has: LinkingUser, lacking: LinkingUser) => {
    const ids = rightsMissingIn(lacking.rights, has.rights, (each: RightsKind) => each === kind)
    const names = namesOfRights(has, ids)[kind] ?? []
    return names.length > 0 ? ` ${lacking.user_id} lacks ${names.join(', ')}.` : ''
  }
  return lacks(one, other) + lacks(other, one)
}
