/**
 * Plays a world in one process: the linking rules, the order of a link's writes, the restoring of metadata, and the
 * tenant's Management API.
 * @module
 */
import { Hono } from 'hono'
import {
  carryOutLink,
  decideLink,
  decideRights,
  decidingKinds,
  decodeNames,
  digestOfGiven,
  findUser,
  type Identity,
  idOf,
  isGivingBack,
  isSame,
  isWritable,
  type LinkingUser,
  type LinkPolicy,
  type Metadata,
  operatorMetadata,
  parseMarks,
  parseUser,
  planRights,
  prepareLink,
  RIGHTS_KINDS,
  type RightsCalls,
  type RightsKind,
  readRightsForLink,
  readRightsForOffer,
  rightsSteps,
  selectCandidates,
  toStoredSnapshot,
} from '@/core'
import { parseAccount } from '@/lib/auth0/account'
import type { UserPatch } from '@/lib/auth0/account-api'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { restoreUnlinkedAccount } from '@/lib/sign-in-methods/repair/return-account'
import { snapshotOf } from '@/lib/sign-in-methods/snapshots'
import { markDotSegment } from '@/local-tenant/dot-segments'
import { authenticationMethods } from '@/local-tenant/endpoints/authentication-methods'
import { identities } from '@/local-tenant/endpoints/identities'
import { organizationMembers } from '@/local-tenant/endpoints/organization-members'
import { organizations } from '@/local-tenant/endpoints/organizations'
import { roles } from '@/local-tenant/endpoints/roles'
import { userPermissions } from '@/local-tenant/endpoints/user-permissions'
import { users } from '@/local-tenant/endpoints/users'
import { usersByEmail } from '@/local-tenant/endpoints/users-by-email'
import type { ManagementEnv } from '@/local-tenant/management/management-auth'
import { ManagementRefusal } from '@/local-tenant/management/management-errors'
import type { StoredUser } from '@/local-tenant/model'
import type { TenantState } from '@/local-tenant/state'
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import { aPolicy } from '../../support/builders/users'
import { services } from '../../support/process/page-services'
import type { ArbitraryWorld, WorldAccount } from './arbitrary-world'
import { assertApart, assertLinked, type Holding, heldIn, putRights, rightsFrom } from './world-rights'

const SERVICES = {
  ...services(),
  authorities: {
    ...services().authorities,
    isGranted: async () => true,
    areGranted: async (scopes: readonly string[]) => scopes.every((scope) => LINKING_SCOPES.includes(scope)),
  },
}

/** The current time in every world, in seconds since the epoch. */
export const NOW = 1_800_000_000
const PROOF = { way: 'login', client_id: 'demo-app', client_name: 'Demo App' }

/** How a world ended: nothing was offered, what was offered was refused for rights, or a link was made and ended. */
export type Played = 'not offered' | 'refused' | 'linked'

/** The Management API of a tenant, called in this process without a token. */
export function callsOf(state: TenantState) {
  const app = new Hono<ManagementEnv>()
  app.use(async (context, next) => {
    context.set('caller', { clientId: 'm2m', subject: 'm2m@clients', scopes: LINKING_SCOPES, issuer: '' })
    await next()
  })
  for (const endpoints of ENDPOINTS) app.route('/', endpoints(state))
  app.onError((error) => {
    if (!(error instanceof ManagementRefusal)) throw error
    return Response.json({ message: error.message }, { status: error.status })
  })
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await app.request(`https://tenant.example${markDotSegment(`/api/v2${path}`)}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new ManagementApiError('management_failed', response.status)
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }
}

const ENDPOINTS = [
  ...[users, identities, usersByEmail],
  ...[roles, userPermissions, organizations, organizationMembers, authenticationMethods],
]

type Call = ReturnType<typeof callsOf>
const pathOf = (id: string) => `/users/${encodeURIComponent(id)}`

/** The part of {@link ManagementApi} that restores metadata and rights. `before` runs before each call. */
function apiOf(call: Call, before: () => void): ManagementApi {
  const read = async (id: string) => {
    before()
    const account = parseAccount(await call('GET', pathOf(id)))
    if (!account) throw new Error('the tenant answered with no user')
    return account
  }
  const patchUser = async (id: string, patch: UserPatch) => {
    before()
    return call('PATCH', pathOf(id), patch)
  }
  const other: ManagementApi['call'] = async (method, path, body) => {
    before()
    return call(method, path, body)
  }
  return { getUser: read, patchUser, call: other } as unknown as ManagementApi
}

/** What the functions for rights need: calls, and whether the operator granted the scopes. */
const rightsCallsOf = (call: Call, { rights }: ArbitraryWorld) => ({
  call,
  isGranted: async () => rights !== undefined,
})

/** Puts an account into a tenant without any checks, as an import would. */
function put(state: TenantState, account: WorldAccount, held: Holding | undefined): string {
  const { id, provider, further, email_verified, blocked, ...rest } = account
  const user_id = `${provider}|${id}`
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  const user = {
    ...rest,
    ...{ user_id, updated_at: rest.created_at },
    ...(email_verified !== undefined && { email_verified }),
    ...(blocked !== undefined && { blocked }),
    ...(held && { rights: rightsFrom(held) }),
    identities: [
      { provider, user_id: id, connection, isSocial: false },
      ...further.map((other) => ({
        ...{ provider: 'github', user_id: `${provider}-${other}`, connection: 'github', isSocial: true },
        profileData: {},
      })),
    ],
  }
  state.users.set(user_id, user as StoredUser)
  return user_id
}

/** The part of a user that is compared. Null counts as absent; our keys and dates do not count. */
function shown(user: LinkingUser): Record<string, unknown> {
  const { email, email_verified, blocked, user_metadata, app_metadata } = user
  const { name } = user as unknown as { name?: string }
  return {
    identities: user.identities.map(({ user_id, connection }) => [user_id, connection]),
    ...{ email, email_verified, name, blocked: Boolean(blocked) },
    ...{ user_metadata, app_metadata: operatorMetadata(app_metadata) },
  }
}

/**
 * Plays a world.
 *
 * @returns How it ended.
 * @throws {Error} If something was lost, an offer could not be kept, or something still waits.
 */
export async function playWorld(state: TenantState, call: Call, world: ArbitraryWorld): Promise<Played> {
  state.users.clear()
  state.linkedAway.clear()
  const policy = aPolicy({
    trusted: ['auth0', 'email', 'google-oauth2', 'apple'],
    fillUserMetadata: world.fillUserMetadata,
    appMetadataKeys: world.appMetadataKeys,
    ...world.rights?.rules,
  })
  putRights(state, world.rights)
  const ids = [put(state, world.current, world.rights?.current), put(state, world.other, world.rights?.other)]
  const api = rightsCallsOf(call, world)
  const read = async (id: string) => parseUser(await call('GET', pathOf(id)))
  const current = await read(ids[0] as string)
  const found = await readRightsForOffer(api, await findAll(call, current), policy)
  const self = findUser(found, current.user_id) ?? current
  const { candidates } = await selectCandidates(self, found, policy, NOW, PROOF)
  const [candidate] = candidates
  const held = ids.map((id) => [id, heldIn(state, id)] as const)
  const before = new Map(await Promise.all(ids.map(async (id) => [id, await read(id)] as const)))
  if (!candidate) {
    const other = findUser(found, ids[1] as string) ?? (before.get(ids[1] as string) as LinkingUser)
    const { stays } = decideLink(self, other, policy, NOW)
    const pair = stays === 'candidate' ? ([other, self] as const) : ([self, other] as const)
    // Only if both emails are spelled the same, because the lookup finds no other spelling.
    if (
      stays &&
      found.length > 1 &&
      (await prepareLink(...pair, policy, NOW, PROOF, planRights(...pair, policy)))
    )
      throw new Error('a link that can be made is not offered')
    return 'not offered'
  }

  const pair = [current.user_id, candidate.user_id]
  if (candidate.stays === 'candidate') pair.reverse()
  const [primaryId, secondaryId] = pair as [string, string]
  const [was, secondWas] = pair.map((id) => new Map(held).get(id)) as [Holding, Holding]
  const isLinked = await link(api, policy, candidate.rights?.digest, primaryId, secondaryId, current)
  if (!isLinked) {
    assertSame(
      pair.map((id) => heldIn(state, id)),
      [was, secondWas],
      'what both held',
    )
    return 'refused'
  }
  if (world.rights) assertLinked(world.rights.rules, was, secondWas, heldIn(state, primaryId))
  Object.assign((state.users.get(primaryId) as StoredUser).user_metadata, world.written)
  await end(state, call, world, primaryId, secondaryId)
  await compare(call, world, before, primaryId, secondaryId)
  assertApart(
    [was, secondWas],
    pair.map((id) => heldIn(state, id)),
  )
  return 'linked'
}

async function findAll(call: Call, { email = '' }: LinkingUser): Promise<LinkingUser[]> {
  const found: unknown[] = []
  for (const spelling of new Set([email, email.toLowerCase()]))
    found.push(...((await call('GET', `/users-by-email?email=${encodeURIComponent(spelling)}`)) as unknown[]))
  return found.map(parseUser)
}

/**
 * Links what was offered, as the Action does.
 *
 * @param digest - Digest of the rights that the offer said would be given; undefined if it named none.
 * @returns Whether the accounts were linked. If not, an organization allows none of the connections, or the snapshot is
 *   too large.
 */
async function link(
  api: RightsCalls & { call: Call },
  policy: LinkPolicy,
  digest: string | undefined,
  primaryId: string,
  secondaryId: string,
  current: LinkingUser,
): Promise<boolean> {
  const { call } = api
  const found = await findAll(call, current)
  const [primary, secondary] = [primaryId, secondaryId].map((id) => findUser(found, id))
  if (!primary || !secondary) throw new Error('what was offered is not found')
  const read = await readRightsForLink(api, primary, secondary)
  const { stays, reason } = decideLink(read.primary, read.secondary, policy, NOW)
  if (stays !== 'current') throw new Error(`what was offered is refused: ${reason}`)
  const { plan, reason: unmovable } = await decideRights(api, read.primary, read.secondary, policy)
  if (unmovable === 'memberships_lost') return false
  if (!plan) throw new Error(`what was offered is refused: ${unmovable}`)
  if ((await digestOfGiven(plan)) !== (digest ?? (await digestOfGiven({ given: {} }))))
    throw new Error('what was offered is not what is given')
  const prepared = await prepareLink(primary, secondary, policy, NOW, PROOF, plan)
  // Kinds of rights that may be dropped are read only at the link, not for the offer. The record of rights that are
  // dropped or that both hold may make the snapshot too large.
  const isUnreadBefore = (kind: RightsKind) => !decidingKinds(policy).includes(kind)
  const readNow = RIGHTS_KINDS.some((kind) => isUnreadBefore(kind) && plan.shared[kind]?.length)
  if (!prepared && (readNow || Object.values(plan.dropped).flat().length > 0)) return false
  if (!prepared) throw new Error('what was offered is too large')
  const failure = await carryOutLink(
    {
      read: (id) => call('GET', pathOf(id)),
      patch: (id, body) => call('PATCH', pathOf(id), body),
      link: (id, { provider, user_id }: Identity) =>
        call('POST', `${pathOf(id)}/identities`, { provider, user_id: idOf(user_id) }),
      pause: async () => false,
    },
    primary,
    secondary,
    prepared.patch,
    {
      ...(await rightsSteps(api, primary, secondary, plan)),
      recheck: (written) =>
        decideLink({ ...written, rights: read.primary.rights }, read.secondary, policy, NOW).reason,
    },
  )
  if (failure) throw new Error(`what was offered fails: ${failure}`)
  return true
}

/** Ends a link as the page does, or repairs the account after a link that was ended by other means. */
async function end(
  state: TenantState,
  call: Call,
  { end: how, fails }: ArbitraryWorld,
  primaryId: string,
  secondaryId: string,
): Promise<void> {
  const account = async () => {
    const read = parseAccount(await call('GET', pathOf(primaryId)))
    if (!read) throw new Error('the account that stays is gone')
    return read
  }
  const stored = await snapshotOf(await account(), secondaryId)
  if (!stored) throw new Error('the link left no snapshot')
  if (how !== 'by other means') {
    const returning = { at: NOW, undo: how === 'undo' }
    const announced = toStoredSnapshot({ ...stored.snapshot, returning })
    await call('PATCH', pathOf(primaryId), { app_metadata: { [stored.key]: announced } })
  }
  const [provider = ''] = secondaryId.split('|')
  const own = encodeURIComponent(idOf(secondaryId))
  await call('DELETE', `${pathOf(primaryId)}/identities/${provider}/${own}`)
  if (state.users.get(secondaryId)?.identities.length !== 1) throw new Error('the identity was not taken out')

  const linkEnd = how === 'by other means' ? undefined : { event: EVENTS[how], at: NOW }
  let calls = 0
  for (const isFirst of [true, false]) {
    const api = apiOf(call, () => {
      if (isFirst && calls++ === fails) throw new ManagementApiError('tenant_unreachable', 503)
    })
    const now = await account()
    const left = await snapshotOf(now, secondaryId)
    try {
      if (left) await restoreUnlinkedAccount(SERVICES, api, now, secondaryId, left, linkEnd)
    } catch (error) {
      if (!isFirst || !(error instanceof ManagementApiError)) throw error
    }
  }
}

const EVENTS = { undo: 'restored', disconnect: 'unlinked' } as const

async function compare(
  call: Call,
  world: ArbitraryWorld,
  before: Map<string, LinkingUser>,
  primaryId: string,
  secondaryId: string,
): Promise<void> {
  const [was, secondWas] = [primaryId, secondaryId].map((id) => before.get(id) as LinkingUser)
  if (!was || !secondWas) throw new Error('there is no account')
  const [primary, secondary] = await Promise.all(
    [primaryId, secondaryId].map(async (id) => parseUser(await call('GET', pathOf(id)))),
  )
  if (!primary || !secondary) throw new Error('an account is gone')
  for (const user of [primary, secondary])
    if (isGivingBack(user, NOW)) throw new Error(`${user.user_id} never stops waiting`)
  if (world.end !== 'by other means' && !parseMarks(primary).declined)
    throw new Error('the pair would be offered again')

  // What another program wrote stays, except a value that equals the other account's, because the link may have carried
  // it over.
  const expected = { ...was.user_metadata, ...world.written }
  for (const [name, value] of Object.entries(world.written))
    if (!isSame(was.user_metadata[name], value) && isSame(secondWas.user_metadata[name], value))
      if (world.fillUserMetadata && !Object.hasOwn(primary.user_metadata, name)) delete expected[name]
  assertSame(shown(primary), { ...shown(was), user_metadata: expected }, 'the account that stayed')

  const withheld = withheldOf(primary, secondaryId)
  const { user_metadata, app_metadata, ...rest } = shown(secondary)
  const { user_metadata: u, app_metadata: a, ...restWas } = shown(secondWas)
  assertSame(rest, restWas, 'the account that ended')
  const all = {
    user_metadata: { ...withheld.user_metadata, ...Object(user_metadata) },
    app_metadata: { ...withheld.app_metadata, ...Object(app_metadata) },
  }
  assertSame(
    { ...all, app_metadata: operatorMetadata(all.app_metadata) },
    { user_metadata: u, app_metadata: a },
    'its metadata',
  )
  // Metadata that could be written back is not withheld, except `app_metadata` after a disconnect.
  for (const [name, value] of Object.entries(withheld.user_metadata))
    if (isWritable(name, value)) throw new Error(`${JSON.stringify(name)} could have been restored`)
  if (world.end === 'undo')
    for (const [name, value] of Object.entries(withheld.app_metadata))
      if (isWritable(name, value))
        throw new Error(`app_metadata ${JSON.stringify(name)} is withheld by an undo`)
}

/** An account's withheld metadata, whichever key it is stored under. */
function withheldOf(
  primary: LinkingUser,
  userId: string,
): Record<'user_metadata' | 'app_metadata', Metadata> {
  const held = Object.entries(primary.app_metadata).find(
    ([name, value]) => name.startsWith('account_linking_held_') && Object(value).user_id === userId,
  )
  const fields = (kind: string) => decodeNames(Object(Object(held?.[1])[kind]))
  return { user_metadata: fields('user_metadata'), app_metadata: fields('app_metadata') }
}

function assertSame(is: unknown, was: unknown, what: string): void {
  if (!isSame(is, was))
    throw new Error(`${what} is not as it was:\n${JSON.stringify(was)}\n${JSON.stringify(is)}`)
}
