/**
 * Where each sentence of the extension's languages has its counterpart in `lib/messages`; `or` has none, since two ways in
 * are never offered in one sentence.
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
