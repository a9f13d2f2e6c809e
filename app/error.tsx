'use client'

import { unstable_isUnrecognizedActionError as isOfAnotherBuild } from 'next/navigation'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'

/** Shown if a page could not be rendered. It does not say why: the error may hold other people's data. */
export default function ErrorPage({ error }: { error: Error }) {
  if (isOfAnotherBuild(error)) return <OutdatedPage />
  return (
    <Problem
      code="internal"
      title="Something went wrong"
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

/** A script of another build's page asked for something that this build does not have. */
function OutdatedPage() {
  return (
    <Problem
      code="outdated"
      title="This page is out of date"
      actions={
        // An ordinary load, which gets the current scripts.
        <ButtonLink href="" look="strong">
          Reload the page
        </ButtonLink>
      }
    >
      <p>It was made before we renewed this application. Nothing was changed. Reload it, and press again.</p>
    </Problem>
  )
}
