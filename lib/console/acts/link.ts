/**
 * Links two accounts for their owner. No one proves ownership of them: the operator vouches that both are one person's.
 * @module
 */
import 'server-only'
import { accountState, decideLink, hash12, type LinkingUser, RIGHTS_KINDS, readRightsOf } from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import { rightsCalls } from '../../auth0/rights-calls'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import {
  checkForOperator,
  linkForOperator,
  type OperatorPair,
} from '../../sign-in-methods/operator/operator-link'
import { nowSeconds } from '../../sign-in-methods/seconds'
import type { ConsoleServices } from '../services'
import type { PlanAct } from './plan'

/**
 * Plans a link. Both accounts must have the same verified email address and pass every rule that a login checks. Neither may have
 * rights (roles, permissions, memberships, factors) or a second factor, or belong to an operator.
 *
 * @see docs/decisions/0048-the-console.md
 */
export const planLinkForOwner: PlanAct = async (services, api, userId, otherId) => {
  if (!services.areOperatorLinksOn) throw new SettingsRefusedError('not_linkable_here')
  const [one, other] = await Promise.all([api.getUser(userId), api.getUser(otherId)])
  await assertHoldsNothing(services, api, [one, other])
  const { stays, reason } = decideLink(one, other, services.policy, nowSeconds())
  if (reason) throw new SettingsRefusedError(reason)
  const [primary, secondary] = stays === 'current' ? [one, other] : [other, one]
  const pair = { primary: primary.user_id, secondary: secondary.user_id }
  const digest = await digestOf(primary, secondary)
  const checked = await checkForOperator(services, pair, termsOf(services, api, digest))
  if (checked.refused)
    throw new SettingsRefusedError(checked.refused === 'declined' ? 'not_available' : checked.refused)
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
  if (refused) throw new SettingsRefusedError(refused === 'declined' ? 'not_available' : refused)
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
 * Makes sure that neither account has rights, because a link that no one has proven must not give one account the power of another.
 *
 * @throws {SettingsRefusedError} `restricted` if an account has a right or a second factor, or belongs to an operator; `rights_unread` if its
 *   rights cannot be read.
 */
async function assertHoldsNothing(
  services: ConsoleServices,
  api: ManagementApi,
  accounts: Account[],
): Promise<void> {
  for (const account of await readRightsOf(rightsCalls(services, api), accounts, RIGHTS_KINDS)) {
    // This also finds an operator who has the console's permission.
    const held = RIGHTS_KINDS.map((kind) => account.rights?.[kind])
    if (held.some((kind) => kind === undefined)) throw new SettingsRefusedError('rights_unread')
    const holdsRight = held.some((kind) => Object.keys(kind ?? {}).length > 0)
    const isOperator = services.console.subjects.includes(account.user_id)
    if (holdsRight || isOperator || account.multifactor?.length) throw new SettingsRefusedError('restricted')
  }
}
