import { readSignInMethods } from './read-sign-in-methods'
import { SignInMethodList } from './sign-in-method-list'

export interface SignInMethodsProps {
  /** Gives the person's access token for the API `baseUrl/api`, with the scope `read:sign_in_methods`. */
  getAccessToken: () => Promise<string>
  /** Origin of the account linking service, such as `https://accounts.example.com`. */
  baseUrl: string
  /** Client id of this application at Auth0. */
  clientId: string
  /** Where the page's way back leads: an address of an origin that is registered for this application at Auth0. */
  returnTo: string
}

/**
 * The ways in which the person can sign in, and a link to the page where they connect and disconnect them. Without a list, the link
 * alone. Put it into `<Suspense>`: it waits up to two seconds for the list.
 */
export async function SignInMethods({ getAccessToken, baseUrl, clientId, returnTo }: SignInMethodsProps) {
  const methods = await readSignInMethods(getAccessToken, baseUrl)
  const page = `${baseUrl}/settings/connected-accounts?${new URLSearchParams({ client_id: clientId, return_to: returnTo })}`
  return (
    <section aria-label="Sign-in methods" className="w-full max-w-md text-base">
      {methods && <SignInMethodList methods={methods} />}
      <a
        href={page}
        className="inline-block rounded py-2 font-medium text-blue-700 underline underline-offset-4 hover:no-underline focus-visible:outline-2 focus-visible:outline-offset-2 dark:text-blue-300"
      >
        Manage your sign-in methods
      </a>
    </section>
  )
}
