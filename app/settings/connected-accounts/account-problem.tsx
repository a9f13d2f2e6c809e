import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'
import type { ManagementApiErrorCode } from '@/lib/auth0/management-api-error'
import { config } from '@/lib/config'

/** Why the page cannot list anything: a code of the Management API, or the account is blocked. */
export type AccountProblemCode = ManagementApiErrorCode | 'blocked'

const GONE = {
  title: 'This account is no longer there',
  sentence:
    'You are signed in to an account that has been removed since, or that has become part of another account of yours. Sign in again to reach the one you have now.',
}
const BLOCKED = {
  title: 'This account cannot be used',
  sentence:
    'The account you are signed in to has been blocked. Please get in touch if you think that is a mistake.',
}
const DOWN = {
  title: 'Your sign-in methods cannot be shown right now',
  sentence:
    'They are kept by a service that does not answer at the moment. Nothing was changed; signing in works as before.',
}

/** Stands in for the page where the signed-in account cannot be read. */
export function AccountProblem({ code }: { code: AccountProblemCode }) {
  const { title, sentence } = code === 'not_found' ? GONE : code === 'blocked' ? BLOCKED : DOWN
  const isOurs = title === DOWN.title
  return (
    <Problem
      code={code}
      title={title}
      actions={
        <>
          <ButtonLink href={isOurs ? '/settings/connected-accounts' : '/auth/logout'} look="strong">
            {isOurs ? 'Try again' : 'Sign out and start again'}
          </ButtonLink>
          <ButtonLink href={config().supportUrl} look="plain">
            Get help
          </ButtonLink>
        </>
      }
    >
      <p>{sentence}</p>
    </Problem>
  )
}
