import { ButtonLink } from './button-link'

/** The start page of a real installation: one sentence and the way to the settings. */
export function Welcome({ brandName }: { brandName: string }) {
  return (
    <main className="mx-auto w-full max-w-4xl flex-1 px-5 py-14 sm:py-24">
      <h1 className="text-3xl font-semibold sm:text-4xl">One account, however you sign in</h1>
      <p className="mt-5 max-w-2xl text-lg text-quiet">
        If you have used {brandName} with a password one day and with Google the next, you can have both open
        the same account. We ask you when you sign in, and nothing is joined without you.
      </p>
      <div className="mt-8">
        <ButtonLink href="/settings/connected-accounts" look="strong">
          See your sign-in methods
        </ButtonLink>
      </div>
    </main>
  )
}
