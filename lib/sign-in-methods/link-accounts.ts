/**
 * Carrying out a link that was planned, whether a person asked for it or an operator: snapshot and carried fields first, then the
 * adoption, the rights and the link itself, then a look at the answer.
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
  withEnded,
} from '../../core'
import type { Account } from '../auth0/account'
import type { AccountApi, IdentityToLink } from '../auth0/account-api'
import type { Services } from '../link-flow/services'
import { Refused } from './account-refusal'
import { commitOpen } from './adoption'
import { provingConnections } from './connections'
import type { LinkPlan } from './plan-link'
import { rightsCalls } from './rights-calls'
import type { SignInServices } from './services'

/** What a link depends on beside its plan. */
export interface LinkRequest {
  /** How the tenant is told which identity is meant. */
  identity: IdentityToLink
  /** The mark of the session in which this is done; undefined if there is none. */
  by: string | undefined
  /** What ends after the link. */
  ending: Ending | undefined
  /** Says what stands against the link by now, of the account that stays as it was written. */
  recheck(primary: LinkingUser, secondary: LinkingUser): LinkRefusal | undefined
}

/**
 * Writes the snapshot and the carried fields, links, and checks the result. Call it under locks on both accounts.
 *
 * @returns What was written to the `app_metadata` of the account that stays.
 * @throws {Refused} Why nothing was linked; `outcome_unknown` if that could not be found out.
 * @throws {ManagementApiError} If writing failed: nothing was linked.
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
      // Even if nothing is written, read the account once more.
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
      recheck: (written) => recheck({ ...withEnded(written), rights: primary.rights }, secondary),
    },
  )
  if (!failure) return body.app_metadata
  // Nothing was linked, so nothing should end. If this fails, older sessions end nevertheless.
  if (patch && ending && failure !== 'outcome_unknown')
    await api
      .patchUser(primary.user_id, {
        app_metadata: {
          [marksKeyOf(primary)]: { ...patch.marks, ending: undefined, enroll: parseMarks(primary).enroll },
        },
      })
      .catch(() => undefined)
  throw new Refused(failure)
}

/**
 * Tells the application that moves its own data that a link was made. What it does not confirm is sent again at the next view of the
 * page.
 *
 * @param written - From {@link linkAccounts}.
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
 * What is written to the account that stays, with its marks; nothing if the person's own token links.
 *
 * @param by - The mark of the session in which this is done.
 * @param ending - What ends after the link.
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
    // An earlier unlink still counts.
    ...(by && { changed: { at, by, ...(before !== undefined && { before }) } }),
    ending,
  }
  return { body: { ...patch, app_metadata: { ...patch.app_metadata, [marksKeyOf(primary)]: marks } }, marks }
}

/** How to name the own identity of an account for the tenant. */
export async function nameForTenant(
  services: Services,
  api: AccountApi,
  { identities: [own] }: Account,
): Promise<IdentityToLink> {
  const { provider, user_id, connection } = own as Identity
  const identity = { provider, user_id: idOf(user_id) }
  if (provider !== 'auth0') return identity
  // Two databases may hold the same id.
  const databases = (await provingConnections(services, api)).filter(({ strategy }) => strategy === 'auth0')
  const id = databases.find(({ name }) => name === connection)?.id
  return databases.length > 1 && id ? { ...identity, connection_id: id } : identity
}
