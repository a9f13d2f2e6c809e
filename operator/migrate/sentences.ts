/**
 * The counterpart in `lib/messages` of each sentence of the extension's languages. `or` has none, since one sentence
 * here never offers two ways to sign in.
 */
export const SENTENCES: Record<string, string | undefined> = {
  accountLinking: 'prompt.titleOne',
  introduction: 'prompt.found',
  identities: 'prompt.explain',
  continue: 'buttons.link',
  skipAlternativeLink: 'buttons.notNow',
  sameEmailAddressError: 'errors.wrong_account',
  pageMismatchError: 'errors.missing_token',
  or: undefined,
}
