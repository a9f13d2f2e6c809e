/**
 * The steps of the page that links in the browser, and how each result leads from one step to the next.
 * @module
 */
import type { BrowserLinkingCode } from './code'
import { type BrowserLinkRules, decideBrowserLink } from './decide-browser-link'
import type { ProvenAccount, SignInResult } from './proven-account'

/** What the page still knows about an account after its tokens are dropped. */
export type KnownAccount = Pick<ProvenAccount, 'provider' | 'email'>

/** The state of the page: the current step and the accounts that the person has signed in to. */
export type Flow = {
  /** Whether a sign-in window is open, or the link is being made. */
  isBusy: boolean
  /** Why the last step failed; undefined if it did not. */
  code?: BrowserLinkingCode | undefined
} & (
  | { step: 'first'; first?: undefined; other?: undefined }
  | { step: 'other'; first: ProvenAccount; other?: undefined }
  | { step: 'confirm'; first: ProvenAccount; other: ProvenAccount }
  | { step: 'done'; first: KnownAccount; other: KnownAccount }
)

/** The initial state: no one has signed in. */
export const INITIAL_STATE: Flow = { step: 'first', isBusy: false }

/** The state after a sign-in window was opened, or after the person asked for the link. */
export const toBusyState = (flow: Flow): Flow => ({ ...flow, isBusy: true, code: undefined })

/**
 * The state after a sign-in has ended.
 *
 * @param flow - The state during the sign-in.
 * @param result - The result of the sign-in.
 * @param rules - The operator's rules.
 * @returns The next step; or the same step with the reason why it failed.
 */
export function afterSignIn(flow: Flow, result: SignInResult, rules: BrowserLinkRules): Flow {
  if (result.code) return { ...flow, isBusy: false, code: result.code }
  if (flow.step !== 'other') return { step: 'other', isBusy: false, first: result.account }
  const code = decideBrowserLink(flow.first, result.account, rules)
  if (code) return { ...flow, isBusy: false, code }
  return { step: 'confirm', isBusy: false, first: flow.first, other: result.account }
}

/** After these codes, the link may succeed if it is tried again. */
const MAY_BE_REPEATED: BrowserLinkingCode[] = ['rate_limited', 'tenant_unreachable']
/** After these codes, the link can succeed only with a different second account. */
const NEED_ANOTHER: BrowserLinkingCode[] = ['belongs_to_another', 'link_refused']

/**
 * The state after the link was made or has failed.
 *
 * @param flow - The state during the link. If the person has left the page meanwhile, it is returned as it is.
 * @param code - Why the link failed; undefined if it was made.
 * @returns The last step, without any token; or the step from which the person can continue, with the reason.
 */
export function afterLink(flow: Flow, code: BrowserLinkingCode | undefined): Flow {
  if (flow.step !== 'confirm') return flow
  const { first, other } = flow
  if (!code) return { step: 'done', isBusy: false, first: known(first), other: known(other) }
  if (MAY_BE_REPEATED.includes(code)) return { ...flow, isBusy: false, code }
  if (NEED_ANOTHER.includes(code)) return { step: 'other', isBusy: false, first, code }
  return { ...INITIAL_STATE, code }
}

const known = ({ provider, email }: ProvenAccount): KnownAccount => ({ provider, email })

/** The state after the person has left the page: all tokens are dropped. If a link was being made, its outcome is unknown. */
export const stateAfterLeaving = (flow: Flow): Flow =>
  flow.step === 'confirm' && flow.isBusy ? { ...INITIAL_STATE, code: 'outcome_unknown' } : INITIAL_STATE
