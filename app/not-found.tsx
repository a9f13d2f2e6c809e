import { connection } from 'next/server'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'

/** What is shown for an address that does not exist. */
export default async function NotFound() {
  // Rendered per request: the scripts of a page made at build time lack the nonce of the answer's policy.
  await connection()
  return (
    <Problem
      code="not_found"
      title="There is no page here"
      actions={
        <ButtonLink href="/" look="strong">
          Go to the start page
        </ButtonLink>
      }
    >
      <p>The address may have been mistyped, or the page is no longer there.</p>
    </Problem>
  )
}
