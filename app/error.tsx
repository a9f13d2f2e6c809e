'use client'

import { unstable_isUnrecognizedActionError as isOfAnotherBuild } from 'next/navigation'
import { ButtonLink } from '@/components/ui/button-link'
import { readErrorWords } from '@/components/ui/error-words'
import { Problem } from '@/components/ui/problem'

/**
 * The page that is shown if a page could not be rendered. It does not say why, because the error may hold other people's data.
 */
export default function ErrorPage({ error }: { error: Error }) {
  const words = readErrorWords()
  const isOutdated = isOfAnotherBuild(error)
  const { title, what, act, codeLine } = isOutdated ? words.outdated : words.internal
  return (
    <Problem
      code={isOutdated ? 'outdated' : 'internal'}
      codeLine={codeLine}
      title={title}
      actions={
        // An ordinary link, so that the browser loads the page with its current scripts.
        <ButtonLink href={isOutdated ? '' : '/'} look="main">
          {act}
        </ButtonLink>
      }
    >
      <p>{what}</p>
    </Problem>
  )
}
