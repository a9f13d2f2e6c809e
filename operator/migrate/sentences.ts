/**
 * For each sentence of the extension, the name of our sentence in `messages/`. `or` has no counterpart, because our pages
 * never offer two sign-in methods in one sentence.
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
