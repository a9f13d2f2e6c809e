/**
 * Linking two accounts for their owner. No one proves them: the operator answers for the pair.
 * @module
 */
import 'server-only'
import { accountState, decideLink, hash12, type LinkingUser, RIGHTS_KINDS, withRights } from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import { Refused } from '../../sign-in-methods/account-refusal'
import { checkForOperator, linkForOperator, type OperatorPair } from '../../sign-in-methods/operator-link'
import { rightsCalls } from '../../sign-in-methods/rights-calls'
import { nowSeconds } from '../../sign-in-methods/seconds'
import type { ConsoleServices } from '../services'
import type { PlanAct } from './plan'

/**
 * Plans a link. Both accounts must have the same verified address and pass every rule of a login's link, and neither may hold rights
 * or a factor, or be an operator's.
 *
 * @see docs/decisions/0048-the-console.md
 */
export const planLinkForOwner: PlanAct = async (services, api, userId, otherId) => {
  if (!services.areOperatorLinksOn) throw new Refused('not_linkable_here')
  const [one, other] = await Promise.all([api.getUser(userId), api.getUser(otherId)])
  await assertHoldsNothing(services, api, [one, other])
  const { stays, reason } = decideLink(one, other, services.policy, nowSeconds())
  if (reason) throw new Refused(reason)
  const [primary, secondary] = stays === 'current' ? [one, other] : [other, one]
  const pair = { primary: primary.user_id, secondary: secondary.user_id }
  const digest = await digestOf(primary, secondary)
  const checked = await checkForOperator(services, pair, termsOf(services, api, digest))
  if (checked.refused) throw new Refused(checked.refused === 'declined' ? 'not_available' : checked.refused)
  return {
    effects: [
      `${pair.secondary} becomes part of ${pair.primary}, which stays.`,
      'The link says that no one proved it: proof: operator.',
      'It can be undone like any other link.',
    ],
    digest,
    carryOut: () => carryOut(services, api, pair, digest),
  }
}

async function carryOut(
  services: ConsoleServices,
  api: ManagementApi,
  pair: OperatorPair,
  digest: string,
): Promise<{ shown: string }> {
  const { refused } = await linkForOperator(services, pair, termsOf(services, api, digest))
  if (refused) throw new Refused(refused === 'declined' ? 'not_available' : refused)
  return { shown: pair.primary }
}

const termsOf = (services: ConsoleServices, api: ManagementApi, digest: string) => ({
  async isAsApproved(primary: Account, secondary: Account) {
    await assertHoldsNothing(services, api, [primary, secondary])
    return (await digestOf(primary, secondary)) === digest
  },
  wasBegun: false,
})

const digestOf = async (primary: LinkingUser, secondary: LinkingUser): Promise<string> =>
  hash12(
    JSON.stringify([
      primary.user_id,
      await accountState(primary),
      secondary.user_id,
      await accountState(secondary),
    ]),
  )

/**
 * An operator's word must not move power from one account to another.
 *
 * @throws {Refused} `restricted` if an account holds a right or a factor, or is an operator's; `rights_unread` if that cannot be read.
 */
async function assertHoldsNothing(
  services: ConsoleServices,
  api: ManagementApi,
  accounts: Account[],
): Promise<void> {
  for (const account of await withRights(rightsCalls(services, api), accounts, RIGHTS_KINDS)) {
    // The permission of an operator is one of its permissions.
    const held = RIGHTS_KINDS.map((kind) => account.rights?.[kind])
    if (held.some((kind) => kind === undefined)) throw new Refused('rights_unread')
    const holdsRight = held.some((kind) => Object.keys(kind ?? {}).length > 0)
    const isOperator = services.console.subjects.includes(account.user_id)
    if (holdsRight || isOperator || account.multifactor?.length) throw new Refused('restricted')
  }
}
