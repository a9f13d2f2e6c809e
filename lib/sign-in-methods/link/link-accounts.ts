/**
 * Carries out a planned link for a person or an operator. It writes the snapshot and the carried fields, asks the operator's
 * application (adoption), gives the rights, links, and then checks the tenant's response.
 * @module
 */
import 'server-only'
import {
  adoptionSteps,
  carryOutLink,
  type Ending,
  enrollAfter,
  type Identity,
  idOf,
  type LinkingUser,
  type LinkRefusal,
  type Marks,
  type Metadata,
  marksKeyOf,
  type PreparedLink,
  parseMarks,
  rightsSteps,
  withoutEndingMark,
} from '../../../core'
import type { Account } from '../../auth0/account'
import type { AccountApi, IdentityToLink } from '../../auth0/account-api'
import { rightsCalls } from '../../auth0/rights-calls'
import type { Services } from '../../link-flow/services'
import { SettingsRefusedError } from '../account-refusal'
import { provingConnections } from '../connections'
import type { SignInServices } from '../services'
import { commitOpen } from './adoption'
import type { LinkPlan } from './plan-link'

/** What a link needs in addition to its plan. */
export interface LinkRequest {
  /** The identity to link, as the Management API takes it. */
  identity: IdentityToLink
  /** Hash of the session in which the person links; undefined if there is none. */
  by: string | undefined
  /** The sessions and refresh tokens that end after the link. */
  ending: Ending | undefined
  /** Decides again, with the primary account as it is after the write. Returns why the link is no longer allowed. */
  recheck(primary: LinkingUser, secondary: LinkingUser): LinkRefusal | undefined
}

/**
 * Writes the snapshot and the carried fields, links, and checks the result. Call it under locks on both accounts.
 *
 * @returns The `app_metadata` that was written to the account that stays (the primary account).
 * @throws {SettingsRefusedError} With the reason why nothing was linked; `outcome_unknown` if we could not find out whether
 *   the link was made.
 * @throws {ManagementApiError} If writing failed, so that nothing was linked.
 */
export async function linkAccounts(
  services: Pick<SignInServices, 'adopt' | 'authorities' | 'policy'>,
  api: AccountApi,
  plan: LinkPlan,
  { identity, by, ending, recheck }: LinkRequest,
): Promise<Metadata> {
  const { primary, secondary } = plan
  const patch = patchFor(plan, services.policy, by, ending)
  const body = patch?.body ?? { app_metadata: {} }
  const rights = await rightsSteps(rightsCalls(services, api), primary, secondary, plan.rights)
  const failure = await carryOutLink(
    {
      read: (userId) => api.readUser(userId),
      // If there is nothing to write, read the account instead, so that the next check sees its current state.
      patch: (userId, body) => (patch ? api.patchUser(userId, body) : api.readUser(userId)),
      link: (userId) => api.linkIdentity(userId, identity),
      pause: (cause) => api.pause(cause),
    },
    primary,
    secondary,
    body,
    {
      ...adoptionSteps(primary, body.app_metadata, rights, services.adopt, (id, change) =>
        api.patchUser(id, change),
      ),
      recheck: (written) => recheck({ ...withoutEndingMark(written), rights: primary.rights }, secondary),
    },
  )
  if (!failure) return body.app_metadata
  // Nothing was linked, so no session should end: remove `ending`, the list of sessions to end, from the marks. If that
  // fails, older sessions end nevertheless.
  if (patch && ending && failure !== 'outcome_unknown')
    await api
      .patchUser(primary.user_id, {
        app_metadata: {
          [marksKeyOf(primary)]: { ...patch.marks, ending: undefined, enroll: parseMarks(primary).enroll },
        },
      })
      .catch(() => undefined)
  throw new SettingsRefusedError(failure)
}

/**
 * Tells the operator's application that the link was made. If the application does not confirm, the next view of the page
 * sends the message again.
 *
 * @param written - The result of {@link linkAccounts}.
 */
export async function commitLink(
  services: Pick<SignInServices, 'adopt' | 'linkProof'>,
  api: AccountApi,
  { primary, secondary }: Pick<LinkPlan, 'primary' | 'secondary'>,
  written: Metadata,
): Promise<void> {
  const identities = [...primary.identities, ...secondary.identities]
  await commitOpen(services, api, { ...primary, app_metadata: written, identities }).catch(() => undefined)
}

/**
 * The metadata to write to the primary account, and the marks in it, which are our state of linking. Undefined with
 * `LINKING_AUTHORITY=user`, because a person's token may not write metadata.
 *
 * @param by - Hash of the session in which the person links.
 * @param ending - The sessions and refresh tokens that end after the link.
 */
function patchFor(
  { primary, secondary, at, prepared, rights }: LinkPlan,
  policy: Services['policy'],
  by: string | undefined,
  ending: Ending | undefined,
): { body: PreparedLink['patch']; marks: Marks } | undefined {
  if (!prepared) return undefined
  const { patch } = prepared
  const before = parseMarks(primary).changed?.before
  const marks: Marks = {
    ...parseMarks(primary),
    last: undefined,
    looked: undefined,
    ...enrollAfter(rights, policy, at, secondary.user_id),
    // Keep the `before` of an earlier unlink: sign-ins from before that unlink stay invalid.
    ...(by && { changed: { at, by, ...(before !== undefined && { before }) } }),
    ending,
  }
  return { body: { ...patch, app_metadata: { ...patch.app_metadata, [marksKeyOf(primary)]: marks } }, marks }
}

/** The first identity of an account, as the Management API takes it in a link request. */
export async function toLinkIdentity(
  services: Services,
  api: AccountApi,
  { identities: [own] }: Account,
): Promise<IdentityToLink> {
  const { provider, user_id, connection } = own as Identity
  const identity = { provider, user_id: idOf(user_id) }
  if (provider !== 'auth0') return identity
  // Two database connections may have users with the same id, so name the connection as well.
  const databases = (await provingConnections(services, api)).filter(({ strategy }) => strategy === 'auth0')
  const id = databases.find(({ name }) => name === connection)?.id
  return databases.length > 1 && id ? { ...identity, connection_id: id } : identity
}
