'use client'

import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'

/** What is shown when a page could not be made. Says nothing of why: the error may hold what is not the reader's. */
export default function ErrorPage() {
  return (
    <Problem
      code="internal"
      title="Something went wrong on our side"
      actions={
        <ButtonLink href="/" look="strong">
          Go to the start page
        </ButtonLink>
      }
    >
      <p>
        Nothing about your account was changed. Reload the page; if it happens again, please come back in a
        while.
      </p>
    </Problem>
  )
}
