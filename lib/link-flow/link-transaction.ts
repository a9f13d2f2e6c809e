/**
 * Reads and writes link transactions. A link transaction is the state of one flow, that is, of one paused login in which we
 * ask the person whether to link accounts. Each flow has its own sealed cookie, so that two tabs do not overwrite each
 * other. The cookie is named after the flow's handle, a hash of the `state` that the tenant gave the login.
 * @module
 */
import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { LinkingError } from '@/core/errors'
import { domainOf } from '../config/domain-of'
import { roomFor } from '../session/cookie-budget'
import { cookieName, requestCookies, setCookie } from '../session/cookies'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { Services } from './services'
import { type LinkTransaction, TransactionShape } from './transaction-shape'

const SEAL_PURPOSE = 'link-transaction'
const COOKIE_PREFIX = 'link_'
/** Longest time between two steps, in seconds. */
const IDLE_SECONDS = 15 * 60
/** Longest time from opening a flow to finishing it, in seconds. */
const MAX_FLOW_SECONDS = 30 * 60
/**
 * How long a flow's cookie can be read, in seconds. This is longer than a flow stays open, so that a person can resume the
 * login of an expired flow. The tenant keeps a login paused for the same time.
 */
const COOKIE_LIFE_SECONDS = 60 * 60
/**
 * How many flows one browser keeps. With `LINKING_AUTHORITY=user` only one, because the session cookie then holds the person's
 * token and is large.
 */
const maxFlows = (services: Pick<Services, 'linkingAuthority'>) =>
  services.linkingAuthority === 'user' ? 1 : 2
/** Target length of a new sealed transaction, in characters. About five candidates fit, with a `state` of usual length. */
const TARGET_COOKIE_LENGTH = 1_600
/** Longest sealed transaction with which a flow is opened, in characters. With a `state` of 1 kB, one candidate fits. */
const MAX_COOKIE_LENGTH = 2_300
/** Bytes by which the cookies of two flows may grow until the flows are finished. */
const COOKIE_GROWTH_BYTES = 600
/** With at most this many candidates, a transaction may be longer than the target length, up to the maximum. */
const MIN_CANDIDATES = 3

/** The content of a new flow. */
export type NewTransaction = Omit<LinkTransaction, 'handle' | 'csrf' | 'openedAt' | 'touchedAt'>

/** Whether a flow can continue, and its content if its cookie can be read. */
export type FlowStatus =
  | { status: 'open' | 'expired' | 'used'; transaction: LinkTransaction }
  | { status: 'none' | 'used'; transaction?: undefined }

/** The handle of the flow that belongs to a tenant's `state`: the first 16 hexadecimal digits of its SHA-256. */
export function flowHandle(state: string): string {
  return createHash('sha256').update(state).digest('hex').slice(0, 16)
}

/**
 * Opens a flow. If the cookie would be too large, candidates are dropped from the end.
 *
 * @param request - Its cookies hold the browser's older flows. This function deletes the flows for which there is no room.
 * @returns The transaction, and the `Set-Cookie` lines; undefined if the `state` leaves no room for even one candidate.
 */
export async function openLinkTransaction(
  services: Services,
  request: Request,
  fresh: NewTransaction,
): Promise<{ transaction: LinkTransaction; cookies: string[] } | undefined> {
  const now = nowSeconds()
  const fitting = await fitIntoCookie(services, {
    ...fresh,
    handle: flowHandle(fresh.state),
    csrf: randomBytes(16).toString('base64url'),
    openedAt: now,
    touchedAt: now,
  })
  if (!fitting) return undefined
  const { transaction, value } = fitting
  const cleared = await dropOldFlows(services, request, transaction.handle)
  const cookies = [flowCookie(services, transaction, value), ...cleared]
  return { transaction, cookies: [...cookies, ...roomFor(services, request, cookies, COOKIE_GROWTH_BYTES)] }
}

async function fitIntoCookie(services: Pick<Services, 'sealer'>, transaction: LinkTransaction) {
  for (let count = transaction.candidates.length; count > 0; count -= 1) {
    const smaller = { ...transaction, candidates: transaction.candidates.slice(0, count) }
    const value = await sealed(services, smaller)
    const { length } = value
    if (length <= TARGET_COOKIE_LENGTH || (length <= MAX_COOKIE_LENGTH && count <= MIN_CANDIDATES))
      return { transaction: smaller, value }
  }
  return undefined
}

async function dropOldFlows(services: Services, request: Request, opened: string): Promise<string[]> {
  const others = (await openFlows(services, request)).filter(({ handle }) => handle !== opened)
  // Prefer flows in which the person has started to prove an account. Anyone can make the browser open a flow, but only its
  // owner can continue it.
  const [underWay, untouched] = [others.filter(isUnderWay), others.filter((flow) => !isUnderWay(flow))]
  const kept = [...underWay, ...untouched].slice(0, maxFlows(services) - 1)
  const keptNames = new Set(
    [opened, ...kept.map(({ handle }) => handle)].map((each) => flowCookieName(services, each)),
  )
  const staleNames = [...flowCookies(services, request).keys()]
    .map((each) => flowCookieName(services, each))
    .filter((name) => !keptNames.has(name))
  return staleNames.map((name) => setCookie(services, name, '', 0))
}

/** The values of all flow cookies, by the flow's handle. A name that comes twice has two values. */
function flowCookies(services: Pick<Services, 'isSecure'>, request: Request): Map<string, string[]> {
  const prefix = cookieName(services, COOKIE_PREFIX)
  const found = new Map<string, string[]>()
  for (const { name, value } of requestCookies(request)) {
    const handle = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (!isHandle(handle)) continue
    const values = found.get(handle)
    if (values) values.push(value)
    else found.set(handle, [value])
  }
  return found
}

const isUnderWay = ({ attempt, proof, wrong }: LinkTransaction) => Boolean(attempt ?? proof ?? wrong)

/** The flows of this browser that can continue, newest first. */
export async function openFlows(services: Services, request: Request): Promise<LinkTransaction[]> {
  // Check all cookies, however many there are: someone who can set cookies here could hide the browser's own flow behind others.
  // A cookie that cannot be read causes no request to the store.
  const sealedOnes = await Promise.all(
    [...flowCookies(services, request)].map(([handle, values]) => openCookie(services, handle, values)),
  )
  const going = sealedOnes.flatMap((flow) => (flow && !isExpired(flow) ? [flow] : []))
  const unused = await Promise.all(
    going.map(async (transaction) => ((await isUsed(services, transaction.handle)) ? [] : [transaction])),
  )
  return unused.flat().sort((a, b) => b.openedAt - a.openedAt)
}

/**
 * Reads a flow of this browser. While the store is down, a used flow may be reported as `open`.
 *
 * @param handle - From one of our URLs. Any other text finds no flow.
 */
export async function readLinkTransaction(
  services: Services,
  request: Request,
  handle: string | undefined,
): Promise<FlowStatus> {
  if (!handle || !isHandle(handle)) return { status: 'none' }
  const transaction = await openCookie(services, handle, flowCookies(services, request).get(handle) ?? [])
  const used = await isUsed(services, handle)
  if (!transaction) return { status: used ? 'used' : 'none' }
  if (used) return { status: 'used', transaction }
  return { status: isExpired(transaction) ? 'expired' : 'open', transaction }
}

/**
 * The content of a flow's cookie. Undefined if we did not seal it or it has expired, if the browser sends several, or if the
 * flow's domain is no longer configured.
 */
async function openCookie(
  services: Pick<Services, 'loginDomains' | 'managementDomain' | 'sealer'>,
  handle: string,
  values: string[],
): Promise<LinkTransaction | undefined> {
  const [value] = values
  // If two cookies have one name, another host set one of them, and we cannot know which one is ours.
  if (value === undefined || values.length > 1) return undefined
  const { data } = TransactionShape.safeParse(await services.sealer.unseal(SEAL_PURPOSE, value))
  return data?.handle === handle && domainOf(services, data.domain) ? data : undefined
}

/**
 * Whether a flow is used. If the store is down, the flow counts as unused. No link can come of that: it needs
 * {@link takeLinkTransaction}, which then throws.
 */
const isUsed = (services: Pick<Services, 'store'>, handle: string) =>
  fallBackIfStoreDown(services.store.isTaken(usedKey(handle)), false)

/**
 * Marks a flow as used. From then on its status is `used` at every step, in every tab.
 *
 * @returns The `Set-Cookie` line that deletes the flow's cookie.
 * @throws {LinkingError} `already_used`, `store_unavailable`
 */
export async function takeLinkTransaction(
  services: Pick<Services, 'isSecure' | 'store'>,
  { handle }: LinkTransaction,
): Promise<string> {
  if (!(await services.store.take(usedKey(handle), COOKIE_LIFE_SECONDS)))
    throw new LinkingError('already_used')
  return clearedCookie(services, handle)
}

/** The `Set-Cookie` line that stores a changed transaction and restarts its idle time. */
export async function updatedCookie(
  services: Pick<Services, 'isSecure' | 'sealer'>,
  transaction: LinkTransaction,
): Promise<string> {
  return flowCookie(
    services,
    transaction,
    await sealed(services, { ...transaction, touchedAt: nowSeconds() }),
  )
}

function flowCookie(
  services: Pick<Services, 'isSecure'>,
  { handle, openedAt }: LinkTransaction,
  value: string,
): string {
  return setCookie(
    services,
    flowCookieName(services, handle),
    value,
    openedAt + COOKIE_LIFE_SECONDS - nowSeconds(),
  )
}

/** The `Set-Cookie` line that deletes a flow's cookie. */
export function clearedCookie(services: Pick<Services, 'isSecure'>, handle: string): string {
  return setCookie(services, flowCookieName(services, handle), '', 0)
}

/** Whether the browser sends a cookie for a flow, readable or not. */
export function hasFlowCookie(
  services: Pick<Services, 'isSecure'>,
  request: Request,
  handle: string,
): boolean {
  return flowCookies(services, request).has(handle)
}

const sealed = (services: Pick<Services, 'sealer'>, transaction: LinkTransaction) =>
  services.sealer.seal(SEAL_PURPOSE, transaction, transaction.openedAt + COOKIE_LIFE_SECONDS)
const flowCookieName = (services: Pick<Services, 'isSecure'>, handle: string) =>
  cookieName(services, `${COOKIE_PREFIX}${handle}`)
const isHandle = (text: string) => /^[0-9a-f]{16}$/.test(text)
const usedKey = (handle: string) => `flow:${handle}`
const nowSeconds = () => Math.floor(Date.now() / 1000)
const isExpired = ({ openedAt, touchedAt }: LinkTransaction) =>
  nowSeconds() > Math.min(openedAt + MAX_FLOW_SECONDS, touchedAt + IDLE_SECONDS)
