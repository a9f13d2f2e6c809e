import { auth0 } from '../auth0'
import { AccountMenu } from './account-menu'

export default async function Home() {
  const session = await auth0.getSession()
  return (
    <main className="mx-auto max-w-2xl p-8">
      <h1 className="py-4 text-2xl font-semibold">Example application</h1>
      {session ? (
        <AccountMenu name={session.user.name ?? session.user.sub} />
      ) : (
        // No `Link`: the session library answers this route, which is no page.
        <a href="/auth/login" className="underline">
          Sign in
        </a>
      )}
    </main>
  )
}
