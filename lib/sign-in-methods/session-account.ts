/**
 * The account of the person who is signed in. Its user id always comes from the session, never from a form.
 * @module
 */
import 'server-only'
import { hash12, isPast, lastUnlinkAt, parseEnded, parseJournal, parseMarks } from '../../core'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { REQUEST_BUDGET_MS } from '../auth0/management-calls'
import { type CallPurpose, callCounter } from '../limits/call-limits'
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { SettingsRefusedError } from './account-refusal'
import { nowSeconds } from './seconds'
import type { CallServices } from './services'
import { linkedSnapshots, readSnapshots } from './snapshots'

/** Greatest age of the sign-in with which a person can connect an account, in seconds (NIST SP 800-63B). */
const MAX_CONNECT_SIGN_IN_AGE_SECONDS = 20 * 60
/** How far the clock of a program that writes metadata may be ahead of ours, in seconds. */
const METADATA_SKEW_SECONDS = 60
/** How far the tenant's clock may be ahead of ours, in seconds. */
const TENANT_SKEW_SECONDS = 30

/**
 * Makes a Management API client for the person who is signed in. It uses the service's own token, or with
 * `LINKING_AUTHORITY=user` the person's. Its calls count towards the limit of the person's session. If none are left, its
 * methods throw a {@link LinkingError} `rate_limited`; a change that has begun is finished.
 *
 * @param purpose - Whether the calls show something or change something, which decides the limit.
 */
export function managementApiFor(
  services: CallServices,
  session: Session,
  purpose: CallPurpose,
): ManagementApi {
  const isTheirs = services.linkingAuthority === 'user'
  const authority = isTheirs ? services.authorities.user(session.accessToken) : services.authorities.server()
  return services.managementApi(authority, callCounter(services.store, session, purpose))
}

/**
 * Reads the account of a session.
 *
 * @throws {SettingsRefusedError} `blocked`, or `reauth_required` if the session is no longer valid: another session changed
 *   the sign-in methods after this one began, or the person signed in before an identity was taken out. They may then have
 *   used that identity, and may not be the owner.
 * @throws {ManagementApiError} `not_found` if the account is gone.
 */
export async function readOwnAccount(api: ManagementApi, session: Session): Promise<Account> {
  const account = await api.getUser(session.userId)
  if (account.blocked) throw new SettingsRefusedError('blocked')
  if (await isSessionInvalid(account, session, api.tenantNow()))
    throw new SettingsRefusedError('reauth_required')
  return account
}

async function isSessionInvalid(account: Account, session: Session, tenantNow: number): Promise<boolean> {
  const changes = await changesOf(account)
  const mark = await sessionMark(session)
  if (isOwnChange(account, changes, mark)) return false
  // When our session began, by our clock.
  if (changes.some(({ until }) => session.since < until)) return true
  // When the person signed in, by the tenant's clock.
  const authTime = session.authTime ?? 0
  const unlinkedAt = lastUnlinkAt(account)
  if (authTime < unlinkedAt && isPast(unlinkedAt, tenantNow)) return true
  return parseEnded(account).some(
    ({ before, kept, second }) =>
      isPast(before, tenantNow) &&
      authTime < before &&
      authTime !== second &&
      !(mark !== undefined && kept?.includes(mark)),
  )
}

/**
 * Whether the identity with a handle (a hash of its user id) is in the person's account. Throws as {@link readOwnAccount}.
 */
export async function isConnected(
  services: CallServices,
  session: Session,
  handle: string,
): Promise<boolean> {
  const account = await readOwnAccount(managementApiFor(services, session, 'change'), session)
  const handles = await Promise.all(account.identities.map(({ user_id }) => hash12(user_id)))
  return handles.includes(handle)
}

/** A link or an unlink that is recorded in the account. Times are in seconds since the epoch, by our clock. */
interface Change {
  at: number
  /** Sessions that began before this are no longer valid. */
  until: number
}

/**
 * The changes of an account's sign-in methods. Entries with a time in the future are ignored: any program with the right
 * scope can write metadata, and such a time would lock the owner out.
 */
async function changesOf(account: Account): Promise<Change[]> {
  const latest = nowSeconds() + METADATA_SKEW_SECONDS
  const links = (await linkedSnapshots(account)).map(({ snapshot: { at } }) => ({ at, until: at }))
  // An unlink that was announced but not recorded as done may have happened at any time until the deadline of its API calls.
  const announced = (await readSnapshots(account)).flatMap(({ snapshot: { returning } }) =>
    returning ? [{ at: returning.at, until: returning.at + REQUEST_BUDGET_MS / 1000 + 1 }] : [],
  )
  // A session that began in the same second as an unlink is not valid, because it may have begun before the unlink.
  const recorded = parseJournal(account).map(({ event, at }) => ({
    at,
    until: event === 'linked' ? at : at + 1,
  }))
  return [...links, ...announced, ...recorded].filter(({ at }) => at <= latest)
}

/**
 * Whether this session made the latest change. It then stays signed in, even if it never received the response. What another
 * session disconnected in the same second may be the later change.
 */
function isOwnChange(account: Account, changes: Change[], mark: string | undefined): boolean {
  if (mark === undefined) return false
  const { changed } = parseMarks(account)
  const journal = parseJournal(account)
  return [...journal, ...(changed ? [changed] : [])].some(
    ({ at, by }) =>
      by === mark &&
      at <= nowSeconds() + METADATA_SKEW_SECONDS &&
      changes.every((change) => change.at <= at) &&
      !journal.some((other) => other.event !== 'linked' && other.by !== mark && other.at === at),
  )
}

/** Hash of the session's `sid`, which the account stores as `by` with each change. Undefined if there is no `sid`. */
export const sessionMark = async ({ sid }: Session): Promise<string | undefined> =>
  sid === undefined ? undefined : hash12(sid)

/**
 * Whether the person signed in recently. A sign-in that is dated more than 30 s after our clock is not accepted, because it
 * would stay recent for too long.
 *
 * @param within - Greatest age of the sign-in, in seconds.
 */
export function hasRecentSignIn(
  services: Pick<Services, 'stepUpAge'>,
  { authTime }: Pick<Session, 'authTime'>,
  within = services.stepUpAge,
): boolean {
  if (authTime === undefined) return false
  const age = Date.now() / 1000 - authTime
  return age <= within && age >= -TENANT_SKEW_SECONDS
}

/** After this many sign-ins without being asked for the second factor, the page says that another does not help. */
const MAX_STEP_UPS_WITHOUT_FACTOR = 2

/** Whether an account has a second factor that the sign-in of the session did not use. */
export function lacksFactor({ hasUsedMfa }: Session, { multifactor }: Pick<Account, 'multifactor'>): boolean {
  return Boolean(multifactor?.length) && !hasUsedMfa
}

/**
 * Whether the person may change their sign-in methods without signing in again: the last sign-in was recent, and used the
 * second factor if the account has one.
 */
export function isProvenEnough(
  services: Pick<Services, 'stepUpAge'>,
  session: Session,
  account: Pick<Account, 'multifactor'>,
): boolean {
  return hasRecentSignIn(services, session) && !lacksFactor(session, account)
}

/**
 * @throws {SettingsRefusedError} `own_factor_required` if the account has a second factor that the sign-in of the session
 *   did not use.
 */
export function assertFactor(session: Session, account: Pick<Account, 'multifactor'>): void {
  if (lacksFactor(session, account)) throw new SettingsRefusedError('own_factor_required')
}

/**
 * Stops a person from signing in again and again for a second factor that the tenant does not ask for.
 *
 * @throws {SettingsRefusedError} `step_up_without_factor`
 */
export function assertStepUpHelps(session: Session, account: Pick<Account, 'multifactor'>): void {
  if (lacksFactor(session, account) && session.stepUpsWithoutFactor >= MAX_STEP_UPS_WITHOUT_FACTOR)
    throw new SettingsRefusedError('step_up_without_factor')
}

/**
 * @throws {SettingsRefusedError} `reauth_required` if the sign-in became too old while the person proved ownership of the
 *   other account.
 */
export function assertFreshEnough(services: Pick<Services, 'stepUpAge'>, session: Session): void {
  if (!hasRecentSignIn(services, session, MAX_CONNECT_SIGN_IN_AGE_SECONDS))
    throw new SettingsRefusedError('reauth_required')
}
