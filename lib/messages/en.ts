import 'server-only'
import type { LinkingErrorCode } from '@/lib/linking/errors'

/** What a page that says no tells: what happened, and what to do next. */
export interface ErrorWords {
  title: string
  what: string
  next: string
}

const TRY_OR_GO_ON = 'You can try again, or go on signing in without linking.'
const TRY_AGAIN = `Nothing was changed. ${TRY_OR_GO_ON}`
const START_AGAIN = 'Nothing was changed. Start signing in again from the application you came from.'
const GO_ON = 'Nothing was changed. You can go on signing in without linking.'

const errors: Record<LinkingErrorCode, ErrorWords> = {
  missing_token: {
    title: 'This page was opened without a sign-in',
    what: 'The address lacks the part that says whose sign-in it is.',
    next: START_AGAIN,
  },
  missing_state: {
    title: 'This page was opened without a sign-in',
    what: 'The address lacks the part that leads back to your sign-in.',
    next: START_AGAIN,
  },
  bad_state: {
    title: 'This address is damaged',
    what: 'The part that leads back to your sign-in cannot be read.',
    next: START_AGAIN,
  },
  bad_token: {
    title: 'This address cannot be used',
    what: 'It was not made by the sign-in this page belongs to, or it was altered.',
    next: START_AGAIN,
  },
  bad_request: {
    title: 'This request cannot be read',
    what: 'Something in the address or the form is not as it should be.',
    next: START_AGAIN,
  },
  expired: {
    title: 'That took too long',
    what: 'For your safety this step ends after a while.',
    next: 'Nothing was changed. Go on signing in; we will ask again another time.',
  },
  already_used: {
    title: 'This step is already finished',
    what: 'It can be used once, and it has been.',
    next: 'If you are signed in, you can close this page. Otherwise start signing in again.',
  },
  no_flow: {
    title: 'There is nothing to go on with here',
    what: 'This browser has no sign-in waiting, or it has ended.',
    next: START_AGAIN,
  },
  csrf: {
    title: 'This did not come from our page',
    what: 'Another site may have sent this request, so it was not carried out.',
    next: 'Nothing was changed. Go back to the page with the question and use its buttons.',
  },
  wrong_account: {
    title: 'That was a different account',
    what: 'It is not the one we asked for, so nothing was changed.',
    next: TRY_OR_GO_ON,
  },
  same_account: {
    title: 'That was the same account',
    what: 'You signed in to the account you already use, so nothing was changed.',
    next: TRY_OR_GO_ON,
  },
  bad_id_token: {
    title: 'We could not check who signed in',
    what: 'The answer of the sign-in service was not as it should be.',
    next: TRY_AGAIN,
  },
  bad_issuer: {
    title: 'We could not check who signed in',
    what: 'The answer came from a different sign-in service than the one asked.',
    next: TRY_AGAIN,
  },
  reauth_required: {
    title: 'Please sign in afresh',
    what: 'The other account was opened without signing in again, so we cannot tell that it is yours.',
    next: TRY_AGAIN,
  },
  mfa_required: {
    title: 'One step was missing',
    what: 'The other account asks for a second step, such as a code, and it was not used.',
    next: TRY_AGAIN,
  },
  unverified: {
    title: 'The address is not confirmed',
    what: 'The other account has an e-mail address that nobody has confirmed.',
    next: GO_ON,
  },
  not_available: {
    title: 'That account cannot be used now',
    what: 'The other account is not open for signing in.',
    next: GO_ON,
  },
  not_linkable_here: {
    title: 'These accounts cannot be put together here',
    what: 'We found another account of yours, but this sign-in cannot put the two together.',
    next: GO_ON,
  },
  sign_in_failed: {
    title: 'Signing in to the other account did not work',
    what: 'It was cancelled, or the sign-in service said no.',
    next: TRY_AGAIN,
  },
  tenant_unreachable: {
    title: 'The sign-in service does not answer',
    what: 'We could not reach it just now.',
    next: TRY_AGAIN,
  },
  method_not_allowed: {
    title: 'This page cannot be used that way',
    what: 'It only takes the requests that our own pages make.',
    next: START_AGAIN,
  },
  not_found: {
    title: 'There is no such page',
    what: 'The address does not lead anywhere.',
    next: START_AGAIN,
  },
  internal: {
    title: 'Something went wrong on our side',
    what: 'We have noted it under the number below.',
    next: GO_ON,
  },
}

/** Every sentence of the linking documents, in English. */
export const en = {
  language: 'en',
  providers: {
    auth0: 'e-mail and password',
    email: 'an e-mail code',
    sms: 'a text message code',
    'google-oauth2': 'Google',
    github: 'GitHub',
    apple: 'Apple',
    facebook: 'Facebook',
    linkedin: 'LinkedIn',
    windowslive: 'Microsoft',
  } as Record<string, string>,
  buttons: {
    link: 'Link accounts',
    notNow: 'Not now',
    never: 'Don’t ask again',
    tryAgain: 'Try again',
    goOn: 'Continue signing in without linking',
    again: 'I pressed twice: continue',
    restart: 'Start signing in again',
    signOut: 'Sign out there',
    support: 'Get help',
  },
  prompt: {
    titleOne: 'Is this you, too?',
    titleSeveral: 'Are these you, too?',
    signIn: 'You are signing in with',
    to: 'to',
    found: 'There is also an account that is opened with',
    choose: 'Which account do you want to add?',
    chooseFirst: 'Choose one of the accounts first.',
    oneAtATime: 'One can be added now. We ask about the next one when you sign in again.',
    explain:
      'Link accounts, and either way opens the same one. First you sign in to the other account, to show that it is yours.',
    effects: 'If you link them',
    failed: 'Last time, linking these accounts did not work. Nothing was lost, and you can try again.',
    unknown: 'Last time, we could not tell whether linking worked. You can safely try again.',
    cannotGetIn: 'You cannot get into the other account? Choose “Not now” and go on as before.',
  },
  effects: {
    currentStays: 'The account you are signing in to now stays. Applications keep knowing you by it.',
    candidateStays: (provider: string) =>
      `The other account, opened with ${provider}, stays. Applications keep knowing you by it.`,
    also: (providers: string) => `It can also be opened with ${providers}; that stays possible.`,
    carried: (count: number) =>
      count === 1
        ? '1 saved detail of the account that ends is carried over.'
        : `${count} saved details of the account that ends are carried over.`,
    ends: 'Roles, organizations and extra sign-in steps of the account that ends are not kept.',
    devices: 'Other devices signed in to the account that ends stay signed in for now.',
  },
  confirm: {
    title: 'Link these two accounts?',
    proven: 'Thank you, the other account is yours. Nothing has been changed so far.',
    current: 'You are signing in with',
    other: 'You have just shown that you own the account opened with',
    slow: 'You took a moment; press once more.',
  },
  wrongAccount: {
    signedIn: 'You signed in with',
    meant: 'We asked for the account opened with',
    signedInThere: 'This browser stays signed in with',
  },
  slow: { title: 'Press once more', what: 'You took a moment; press once more.' },
  as: 'as',
  reference: 'Reference number',
  errors,
}

/** The sentences of one language. */
export type Messages = typeof en
