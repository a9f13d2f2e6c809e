/**
 * The link transaction: one sealed cookie per flow, named after its `state`, so that two tabs do not overwrite each other.
 * @module
 */
import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { LinkingError } from '@/core/errors'
import { domainOf } from '../config/domain-of'
import { roomFor } from '../session/cookie-budget'
import { cookieName, requestCookies, setCookie } from '../session/cookies'
import { orFallback } from '../store/or-fallback'
import type { Services } from './services'
import { type LinkTransaction, TransactionShape } from './transaction-shape'

const SEAL_PURPOSE = 'link-transaction'
const COOKIE_PREFIX = 'link_'
/** Longest time between two steps, in seconds. */
const IDLE_SECONDS = 15 * 60
/** Longest time from opening to finishing, in seconds. */
const MAX_FLOW_SECONDS = 30 * 60
/** How long an expired flow can still be read, so that its owner can resume the login; a paused login lives as long. */
const COOKIE_LIFE_SECONDS = 60 * 60
/** Flows that one browser keeps; only one if the session is large, because it holds the person's own token. */
const maxFlows = (services: Pick<Services, 'linkingAuthority'>) =>
  services.linkingAuthority === 'user' ? 1 : 2
/** Target length of a new sealed transaction, in characters: about five candidates with a tenant's usual `state`. */
const TARGET_COOKIE_LENGTH = 1_600
/** Length above which no flow is opened, in characters: with a `state` of 1 kB there is room for one candidate. */
const MAX_COOKIE_LENGTH = 2_300
/** Bytes by which two flows may grow until they are finished. */
const COOKIE_GROWTH_BYTES = 600
/** Candidates that are kept even if the target is missed. */
const MIN_CANDIDATES = 3

/** The content of a new flow. */
export type NewTransaction = Omit<LinkTransaction, 'handle' | 'csrf' | 'openedAt' | 'touchedAt'>

/** Whether a flow can continue, and its content if the cookie opened. */
export type FlowStatus =
  | { status: 'open' | 'expired' | 'used'; transaction: LinkTransaction }
  | { status: 'none' | 'used'; transaction?: undefined }

/** The name of the flow that belongs to a tenant's `state`. */
export function flowHandle(state: string): string {
  return createHash('sha256').update(state).digest('hex').slice(0, 16)
}

/**
 * Opens a flow. If the cookie would be too large, candidates are dropped from the end.
 *
 * @param request - The browser's older flows, except those that are kept, are dropped.
 * @returns The transaction, and the `Set-Cookie` lines; undefined if not even one candidate fits beside the `state`.
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
  const stale = await dropOldFlows(services, request, transaction.handle)
  const cookies = [flowCookie(services, transaction, value), ...stale]
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
  // Anyone can make the browser open a flow; only its owner can continue one.
  const [underWay, untouched] = [others.filter(isUnderWay), others.filter((flow) => !isUnderWay(flow))]
  const kept = [...underWay, ...untouched].slice(0, maxFlows(services) - 1)
  const keptNames = new Set(
    [opened, ...kept.map(({ handle }) => handle)].map((each) => flowCookieName(services, each)),
  )
  const stale = [...flowCookies(services, request).keys()]
    .map((each) => flowCookieName(services, each))
    .filter((name) => !keptNames.has(name))
  return stale.map((name) => setCookie(services, name, '', 0))
}

/** Values of the cookies by the names of flows, by handle. */
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
  // Check all of them, however many there are: someone who can set cookies here could hide the browser's own flow behind
  // others. Cookies that do not open cost no call of the store.
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
 * Reads a flow of this browser. While the store does not answer, a used flow may be `open`.
 *
 * @param handle - As in our addresses; anything else is no flow.
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
 * What the cookie of a flow holds; undefined if it does not open, if there is more than one, or if the flow's domain is no longer
 * configured.
 */
async function openCookie(
  services: Pick<Services, 'loginDomains' | 'managementDomain' | 'sealer'>,
  handle: string,
  values: string[],
): Promise<LinkTransaction | undefined> {
  const [value] = values
  // Two cookies of one name: another host set one of them, and we cannot know which one is ours.
  if (value === undefined || values.length > 1) return undefined
  const { data } = TransactionShape.safeParse(await services.sealer.unseal(SEAL_PURPOSE, value))
  return data?.handle === handle && domainOf(services, data.domain) ? data : undefined
}

/** If the store is down the flow counts as unused: every step that could link checks again by itself. */
const isUsed = (services: Pick<Services, 'store'>, handle: string) =>
  orFallback(services.store.isTaken(usedKey(handle)), false)

/**
 * Uses a flow up. Every later step of the same flow, in any tab, finds it used.
 *
 * @returns The `Set-Cookie` line that deletes its cookie.
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

/** The `Set-Cookie` line that stores a transaction as it is now, and restarts its idle time. */
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

/** Whether the browser brings any cookie for this flow, readable or not. */
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
