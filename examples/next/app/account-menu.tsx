import { Suspense } from 'react'
import { accountsUrl, appUrl, auth0, clientId } from '../auth0'
import { SignInMethods } from '../components/sign-in-methods/sign-in-methods'

const getAccessToken = async () => (await auth0.getAccessToken()).token

/** The menu of a person who is signed in. */
export function AccountMenu({ name }: { name: string }) {
  return (
    <details className="w-full max-w-md">
      <summary className="cursor-pointer py-2 font-medium">{name}</summary>
      <Suspense fallback={<p className="py-2">Loading your sign-in methods …</p>}>
        <SignInMethods
          getAccessToken={getAccessToken}
          baseUrl={accountsUrl}
          clientId={clientId}
          returnTo={`${appUrl}/`}
        />
      </Suspense>
      <a href="/auth/logout" className="inline-block py-2 underline">
        Sign out
      </a>
    </details>
  )
}
