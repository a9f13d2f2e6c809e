/**
 * Sign-ins that have just arrived in a browser that may not keep cookies. Some windows inside other apps keep none: then the
 * flow's cookie never comes back, and without this its owner could not resume the login.
 * @module
 */
import 'server-only'
import { cookieName, requestCookies } from '../session/cookies'
import { orFallback } from '../store/or-fallback'
import type { ResumeLogin } from './refusal'
import type { Services } from './services'

const SEAL_PURPOSE = 'just-arrived'
/** How long after its token was delivered a login can resume without a cookie, in seconds. */
const ARRIVAL_SECONDS = 60

/** What is stored: how the login resumes, without the flow, which nothing can use up. */
type KeptArrival = Omit<ResumeLogin, 'flow'>

/**
 * Remembers how the login of a token that a navigation has just delivered resumes, if the browser has kept no flow before. It is
 * stored here and not in an address, for one use.
 *
 * @param handle - Of the flow that was opened.
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
  await orFallback(services.store.set(keyOf(handle), sealed, ARRIVAL_SECONDS), undefined)
}

/**
 * How the login of a token that was just delivered resumes, once; undefined if there is none, or if the browser has kept a flow.
 *
 * @param handle - As in our addresses; anything else finds none.
 */
export async function takeArrival(
  services: Pick<Services, 'isSecure' | 'sealer' | 'store'>,
  request: Request,
  handle: string | undefined,
): Promise<ResumeLogin | undefined> {
  if (!handle || !/^[0-9a-f]{16}$/.test(handle)) return undefined
  if (!isNavigation(request) || bringsFlow(services, request)) return undefined
  const sealed = await orFallback(services.store.get(keyOf(handle)), undefined)
  if (!sealed) return undefined
  await orFallback(services.store.delete(keyOf(handle), sealed), undefined)
  return (await services.sealer.unseal(SEAL_PURPOSE, sealed)) as KeptArrival | undefined
}

/** Whether the browser already holds a cookie of a flow. */
const bringsFlow = (services: Pick<Services, 'isSecure'>, request: Request) =>
  requestCookies(request).some(({ name }) => name.startsWith(cookieName(services, 'link_')))

/** Whether this is a navigation of a browser, as far as the request says: not a frame, a script or an image. */
function isNavigation({ headers }: Request): boolean {
  const [target, mode] = [headers.get('sec-fetch-dest'), headers.get('sec-fetch-mode')]
  // Browsers send both headers or none; a mode alone comes from a program.
  return target === null || (target === 'document' && mode === 'navigate')
}

const keyOf = (handle: string) => `arrived:${handle}`
