import 'server-only'

const TEXTS: Record<string, string> = {
  changed: 'The account is no longer as it was shown. Look at what would happen now.',
  bad_request: 'Give a reason.',
  rate_limited: 'Too many acts in a short time. Try again in a minute.',
  busy: 'Another change of one of the accounts is under way. Try again in a moment.',
  not_linked: 'There is no such link any more, or the time for an undo is over.',
  last_way_in: 'This is the only way to sign in to the account.',
  primary_identity: 'This is the account’s main identity, which cannot leave it.',
  restricted:
    'One of the accounts has a right, a second factor or an operator’s permission, or a rule restricts it. Its owner can link it by signing in to both.',
  rights_unread: 'What the accounts hold could not be read, so they are not linked.',
  not_available: 'That is not there any more, or its owner declined it.',
  not_linkable_here: 'Operators cannot link accounts here: OPERATOR_LINKS is off.',
  outcome_unknown: 'The tenant’s answer was lost. Look at the account again before you repeat it.',
}

/** The sentence that tells an operator what a refusal code means. */
export const refusalText = (code: string): string => TEXTS[code] ?? `Refused: ${code}. Nothing has changed.`
