/**
 * Lets people resume a login in a browser that keeps no cookies, such as the browser inside another app. Such a browser
 * never sends the flow's cookie back. So this module stores, for a minute after a session token arrived, how its login
 * resumes without a link.
 * @module
 */
import 'server-only'
import { cookieName, requestCookies } from '../session/cookies'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { ResumeLogin } from './refusal'
import type { Services } from './services'

const SEAL_PURPOSE = 'just-arrived'
/** How long after its session token arrived a login can resume without a cookie, in seconds. */
const ARRIVAL_SECONDS = 60

/**
 * What the store holds. `flow` is left out: a flow without a cookie cannot continue, so resuming its login need not end it.
 */
type KeptArrival = Omit<ResumeLogin, 'flow'>

/**
 * Stores how the login of a session token resumes that has just arrived. Stores nothing if the request is not a navigation,
 * or if the browser sends a flow's cookie and thus keeps cookies. The entry is in the store, not in a URL, and
 * {@link takeArrival} deletes it.
 *
 * @param handle - The handle of the flow that was opened.
 */
export async function noteArrival(
  services: Pick<Services, 'isSecure' | 'sealer' | 'store'>,
  request: Request,
  handle: string,
  resume: ResumeLogin,
): Promise<void> {
  if (!isNavigation(request) || bringsFlow(services, request)) return
  const { flow: _flow, ...kept } = resume
  const sealed = await services.sealer.seal(SEAL_PURPOSE, kept, Date.now() / 1000 + ARRIVAL_SECONDS)
  await fallBackIfStoreDown(services.store.set(keyOf(handle), sealed, ARRIVAL_SECONDS), undefined)
}

/**
 * Returns what {@link noteArrival} stored for a flow within the last minute, and deletes it.
 *
 * @param handle - From one of our URLs. Any other text finds nothing.
 * @returns Undefined if nothing is stored, if the request is not a navigation, or if the browser sends a flow's cookie.
 */
export async function takeArrival(
  services: Pick<Services, 'isSecure' | 'sealer' | 'store'>,
  request: Request,
  handle: string | undefined,
): Promise<ResumeLogin | undefined> {
  if (!handle || !/^[0-9a-f]{16}$/.test(handle)) return undefined
  if (!isNavigation(request) || bringsFlow(services, request)) return undefined
  const sealed = await fallBackIfStoreDown(services.store.get(keyOf(handle)), undefined)
  if (!sealed) return undefined
  await fallBackIfStoreDown(services.store.delete(keyOf(handle), sealed), undefined)
  return (await services.sealer.unseal(SEAL_PURPOSE, sealed)) as KeptArrival | undefined
}

/** Whether the browser sends the cookie of a flow, readable or not. */
const bringsFlow = (services: Pick<Services, 'isSecure'>, request: Request) =>
  requestCookies(request).some(({ name }) => name.startsWith(cookieName(services, 'link_')))

/** Whether the request may be a browser's navigation, and not for a frame, a script or an image. Some browsers do not say. */
function isNavigation({ headers }: Request): boolean {
  const [target, mode] = [headers.get('sec-fetch-dest'), headers.get('sec-fetch-mode')]
  // Browsers send both headers or neither.
  return target === null || (target === 'document' && mode === 'navigate')
}

const keyOf = (handle: string) => `arrived:${handle}`
