import type { Metadata } from 'next'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'
import { config } from '@/lib/config/config'
import { parseSignInFailure, type SignInFailure } from '@/lib/session/sign-in-failure'
import { signInPath } from '@/lib/session/sign-in-path'

/** The page's title. */
export const metadata: Metadata = { title: 'Not signed in' }

const SENTENCES: Record<SignInFailure, string> = {
  sign_in_failed: 'The sign-in was not completed, so you are not signed in. Please sign in once more.',
  no_flow:
    'This sign-in was started in another browser, took too long, or was finished before. Please start it again here.',
  tenant_unreachable: 'The sign-in service does not answer at the moment. Please try again in a minute.',
}

/** Says that a sign-in to this application did not succeed, and what to do. */
export default async function SignInFailedPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { code: reason, returnTo } = await searchParams
  const code = parseSignInFailure(reason)
  return (
    <Problem
      code={code}
      title="You are not signed in"
      actions={
        <>
          <ButtonLink
            href={typeof returnTo === 'string' ? signInPath(returnTo) : '/auth/login'}
            look="strong"
          >
            Sign in again
          </ButtonLink>
          <ButtonLink href={config().supportUrl} look="plain">
            Get help
          </ButtonLink>
        </>
      }
    >
      <p>{SENTENCES[code]}</p>
    </Problem>
  )
}
