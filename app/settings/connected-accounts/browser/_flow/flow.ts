/**
 * The steps of the page, and what each outcome makes of them.
 * @module
 */
import type { BrowserLinkingCode } from './code'
import { type BrowserLinkRules, decideBrowserLink } from './decide-browser-link'
import type { ProvenAccount, SignInResult } from './proven-account'

/** What a page may still show of an account once its tokens are dropped. */
export type KnownAccount = Pick<ProvenAccount, 'provider' | 'email'>

/** Where the person is. */
export type Flow = {
  /** Whether a sign-in window is open, or the link under way. */
  isBusy: boolean
  /** Why the last step was not taken. */
  code?: BrowserLinkingCode | undefined
} & (
  | { step: 'first'; first?: undefined; other?: undefined }
  | { step: 'other'; first: ProvenAccount; other?: undefined }
  | { step: 'confirm'; first: ProvenAccount; other: ProvenAccount }
  | { step: 'done'; first: KnownAccount; other: KnownAccount }
)

/** No one has signed in. */
export const START: Flow = { step: 'first', isBusy: false }

/** A sign-in window was opened, or the link was asked for. */
export const beginning = (flow: Flow): Flow => ({ ...flow, isBusy: true, code: undefined })

/**
 * A sign-in has ended.
 *
 * @param flow - Waiting for it.
 * @param result - Its result.
 * @param rules - Of the operator.
 * @returns One step on, or the same step with the reason.
 */
export function afterSignIn(flow: Flow, result: SignInResult, rules: BrowserLinkRules): Flow {
  if (result.code) return { ...flow, isBusy: false, code: result.code }
  if (flow.step !== 'other') return { step: 'other', isBusy: false, first: result.account }
  const code = decideBrowserLink(flow.first, result.account, rules)
  if (code) return { ...flow, isBusy: false, code }
  return { step: 'confirm', isBusy: false, first: flow.first, other: result.account }
}

/** After these, the same step may succeed. */
const MAY_BE_REPEATED: BrowserLinkingCode[] = ['rate_limited', 'tenant_unreachable']
/** After these, the step succeeds only with another account. */
const NEED_ANOTHER: BrowserLinkingCode[] = ['belongs_to_another', 'link_refused']

/**
 * The link was made, or was not.
 *
 * @param flow - Waiting for it; one that was left meanwhile stays as it is.
 * @param code - Why not; undefined: it was made.
 * @returns The end, without any token; or the step from which the person can go on, with the reason.
 */
export function afterLink(flow: Flow, code: BrowserLinkingCode | undefined): Flow {
  if (flow.step !== 'confirm') return flow
  const { first, other } = flow
  if (!code) return { step: 'done', isBusy: false, first: known(first), other: known(other) }
  if (MAY_BE_REPEATED.includes(code)) return { ...flow, isBusy: false, code }
  if (NEED_ANOTHER.includes(code)) return { step: 'other', isBusy: false, first, code }
  return { ...START, code }
}

const known = ({ provider, email }: ProvenAccount): KnownAccount => ({ provider, email })

/** The page is left: no token outlives it. A link that was on its way may have been made. */
export const leaving = (flow: Flow): Flow =>
  flow.step === 'confirm' && flow.isBusy ? { ...START, code: 'outcome_unknown' } : START
