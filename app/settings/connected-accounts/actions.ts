'use server'

import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { pageMessages } from '@/app/_messages'
import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { type CurrentWayBack, keepWayBack } from '@/app/settings/_way-back'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { inLanguage } from '@/lib/events/emit-event'
import { isSameOrigin } from '@/lib/http/same-origin'
import { logEvent } from '@/lib/observability/log'
import { cookieFlags } from '@/lib/session/cookies'
import type { Session } from '@/lib/session/session'
import { signInPath } from '@/lib/session/sign-in-path'
import { refusalOf, SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import { connectAccount as connect, hasMoved } from '@/lib/sign-in-methods/connect/connect'
import {
  type ConnectFlow,
  connectFlowCookieName,
  isConnectFlowCookie,
  readConnectFlow,
} from '@/lib/sign-in-methods/connect/connect-flow'
import {
  declineSuggestion as decline,
  takeBackDecline as takeBack,
} from '@/lib/sign-in-methods/connect/declines'
import { enrollmentAddress } from '@/lib/sign-in-methods/connect/enroll-factor'
import { removeOrphanAccount } from '@/lib/sign-in-methods/connect/orphan-account'
import { type ProvenFlow, toProvenFlow } from '@/lib/sign-in-methods/connect/proven-account'
import { sendVerification } from '@/lib/sign-in-methods/connect/verify-address'
import { disconnectAccount as disconnect } from '@/lib/sign-in-methods/disconnect/disconnect'
import { assertMailAllowed, assertSessionAllowed } from '@/lib/sign-in-methods/limits'
import { pathWithNotice } from '@/lib/sign-in-methods/notice'
import { confirmPath, disconnectPath, SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { nowSeconds } from '@/lib/sign-in-methods/seconds'
import {
  assertFactor,
  hasRecentSignIn,
  isConnected,
  managementApiFor,
  readOwnAccount,
} from '@/lib/sign-in-methods/session-account'
import { isWhole } from '@/lib/sign-in-methods/views/disconnect-preview'

type Keep = CurrentWayBack['keep']

/**
 * Connects the account that was proven.
 *
 * @param form - `flow`: the flow's handle. `agreed`: the digest of what the person read and agreed to. `identity`: a hash of the
 *   proven account's user id.
 */
export async function connectAccount(form: FormData): Promise<void> {
  const flow = text(form, 'flow')
  await answer(
    async (session, keep) => {
      const proven = toProvenFlow(await flowOf(session, flow))
      if (!proven) {
        // The form may have been sent twice: the first time, the account was connected and the flow ended.
        if (await isConnected(signInServices(), session, text(form, 'identity')))
          return pathWithNotice({ done: 'already_connected' })
        throw new SettingsRefusedError('no_flow')
      }
      const stays = await connectOrMoved(session, proven, text(form, 'agreed'))
      await forgetFlow(flow)
      if (stays === 'candidate') return signInPath(keep(pathWithNotice({ done: 'connected' })))
      await sessions().renewSession({ since: nowSeconds() })
      return pathWithNotice({ done: stays ? 'connected' : 'already_connected' })
    },
    `${confirmPath(flow)}&changed=1`,
  )
}

/** The services, with which emails are sent in the person's language. */
async function personalServices(): Promise<ReturnType<typeof signInServices>> {
  const { language } = await pageMessages()
  return { ...signInServices(), events: inLanguage(signInServices().events, language) }
}

/** Connects two accounts. Returns which one became the primary; undefined if they were already connected. */
async function connectOrMoved(
  session: Session,
  flow: ProvenFlow,
  agreed: string,
): Promise<'current' | 'candidate' | undefined> {
  try {
    return (await connect(await personalServices(), session, flow, agreed))?.stays
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    if (isGone && (await hasMoved(signInServices(), session, flow))) return 'candidate'
    throw error
  }
}

/**
 * Ends a flow without connecting anything.
 *
 * @param form - `flow`: the flow's handle. `remove`: `1` to remove the account that the flow's sign-in created.
 */
export async function cancelConnect(form: FormData): Promise<void> {
  await answer(async (session) => {
    const flow = await flowOf(session, text(form, 'flow'))
    const isRemovalWanted = text(form, 'remove') === '1'
    const api = managementApiFor(signInServices(), session, 'change')
    // If this throws, the flow is kept, so that the person can still remove the account after using their second factor.
    if (isRemovalWanted) assertFactor(session, await readOwnAccount(api, session))
    await forgetFlow(text(form, 'flow'))
    if (!isRemovalWanted) return pathWithNotice({ done: 'cancelled' })
    if (!flow) throw new SettingsRefusedError('no_flow')
    await removeOrphanAccount(await personalServices(), api, flow)
    return pathWithNotice({ done: 'removed' })
  })
}

/**
 * Removes a sign-in method from the account.
 *
 * @param form - `identity`: a hash of the identity's id. `undo`: `1` to restore both accounts from the snapshot. `remove`: `1` to
 *   delete the separate account that remains. `agreed`: the digest of what the person read and agreed to.
 */
export async function disconnectAccount(form: FormData): Promise<void> {
  const target = { handle: text(form, 'identity'), isUndo: text(form, 'undo') === '1' }
  const page = disconnectPath(target.handle, target.isUndo)
  await answer(async (session) => {
    if (!hasRecentSignIn(signInServices(), session)) return page
    const isRemovalWanted = text(form, 'remove') === '1'
    const done = await disconnectOrStepUp(
      await personalServices(),
      session,
      target,
      text(form, 'agreed'),
      isRemovalWanted,
    )
    if (done === 'own_factor_required') return page
    await sessions().renewSession({ since: nowSeconds() })
    await forgetFlows()
    if (!done) return pathWithNotice({ done: 'already_disconnected' })
    if (!done.isReturned) return pathWithNotice({ done: 'later' })
    if (isRemovalWanted && !done.isRemoved) return pathWithNotice({ done: 'not_removed' })
    if (!done.isUndo) return pathWithNotice({ done: 'disconnected' })
    return pathWithNotice({ done: isWhole(done) ? 'restored' : 'restored_partly' })
  }, `${page}&changed=1`)
}

/** Disconnects. Returns the result, or `own_factor_required` if the person must first sign in with their second factor. */
async function disconnectOrStepUp(...what: Parameters<typeof disconnect>) {
  try {
    return await disconnect(...what)
  } catch (error) {
    if (error instanceof SettingsRefusedError && error.code === 'own_factor_required') return error.code
    throw error
  }
}

/**
 * Declines a suggested account, so that the person is not asked about it again.
 *
 * @param form - `suggestion`: a hash of the account's user id.
 */
export async function declineSuggestion(form: FormData): Promise<void> {
  await answer(async (session) => {
    await decline(signInServices(), session, text(form, 'suggestion'))
    return pathWithNotice({ done: 'declined' })
  })
}

/** Makes the tenant send the verification email for the person's own email address. */
export async function verifyAddress(): Promise<void> {
  await answer(async (session) => {
    try {
      await assertMailAllowed(signInServices(), session)
    } catch (error) {
      throw refusalOf(error) === 'rate_limited' ? new SettingsRefusedError('mail_limit') : error
    }
    return pathWithNotice({
      done: (await sendVerification(signInServices(), session)) ? 'mail_sent' : 'verified',
    })
  })
}

/** Redirects the person to the tenant's page to set up a second factor. */
export async function enrollFactor(): Promise<void> {
  await answer(
    async (session) => (await enrollmentAddress(signInServices(), session)) ?? SIGN_IN_METHODS_PATH,
  )
}

/**
 * Takes back that a suggested account was declined, so that the person can be asked about it again.
 *
 * @param form - `suggestion`: a hash of the account's user id.
 */
export async function takeBackDecline(form: FormData): Promise<void> {
  await answer(async (session) => {
    await takeBack(signInServices(), session, text(form, 'suggestion'))
    return pathWithNotice({ done: 'taken_back' })
  })
}

/**
 * Does what a form asks for, for the person who is signed in, and redirects to the page that shows the result. Next.js accepts
 * server actions without `Origin` and trusts proxy headers, so we compare `Origin` with our configured origin.
 *
 * @param work - Does the work and returns the path or URL to redirect to. It needs `keep` only to add the return link to a path
 *   within another one, such as `returnTo` of a sign-in.
 * @param whenChanged - The page to show if what the person agreed to has changed meanwhile, so that they can read it again.
 */
async function answer(
  work: (session: Session, keep: Keep) => Promise<string>,
  whenChanged?: `/${string}`,
): Promise<never> {
  const keep = await keepWayBack()
  if (!isSameOrigin(signInServices().appBaseUrl, { headers: await headers() }))
    redirect(keep(pathWithNotice({ refused: 'csrf' })))
  const session = await sessions().requireSession(keep(SIGN_IN_METHODS_PATH))
  let target: string
  try {
    await assertSessionAllowed(signInServices(), 'change', session)
    target = await work(session, keep)
  } catch (error) {
    const refused = refusalOf(error)
    logEvent('settings_refused', { code: refused, client_id: signInServices().sessionClient.id })
    target = whenChanged && refused === 'changed' ? whenChanged : pathWithNotice({ refused })
  }
  // For a sign-in, the return link is already part of its `returnTo`.
  redirect(isOwn(target) ? keep(target) : target)
}

const isOwn = (target: string): target is `/${string}` => target.startsWith(SIGN_IN_METHODS_PATH)

const flowOf = async (session: Session, handle: string): Promise<ConnectFlow | undefined> =>
  readConnectFlow(signInServices(), { headers: await headers() }, handle, session.userId)

async function forgetFlow(handle: string): Promise<void> {
  const jar = await cookies()
  const name = connectFlowCookieName(signInServices(), handle)
  if (jar.has(name)) jar.set(name, '', { ...cookieFlags(signInServices()), maxAge: 0 })
}

/** Ends all connect flows of this browser, because accounts in them were proven before this disconnect. */
async function forgetFlows(): Promise<void> {
  const jar = await cookies()
  for (const { name } of jar.getAll())
    if (isConnectFlowCookie(signInServices(), name))
      jar.set(name, '', { ...cookieFlags(signInServices()), maxAge: 0 })
}

/**
 * A text field of a form. The result is empty if the field is missing, comes twice or is a file, or if `form` is no form at all:
 * a script may send anything to a server action.
 */
function text(form: FormData, name: string): string {
  const values = form instanceof FormData ? form.getAll(name) : []
  const [value] = values
  return values.length === 1 && typeof value === 'string' ? value : ''
}
