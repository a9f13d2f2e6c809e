import type { Metadata } from 'next'
import { pageBrand } from '@/app/_brand'
import { pageMessages } from '@/app/_messages'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'
import { parseSignInFailure } from '@/lib/session/sign-in-failure'
import { signInPath } from '@/lib/session/sign-in-path'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageMessages()).pages.signInFailed.title }
}

/** Says that a sign-in to this application failed, and what to do next. */
export default async function SignInFailedPage({ searchParams }: Props) {
  const { code: reason, returnTo } = await searchParams
  const code = parseSignInFailure(reason)
  const messages = await pageMessages()
  const { signInFailed } = messages.pages
  return (
    <Problem
      code={code}
      codeLine={messages.code({ code })}
      title={signInFailed.title}
      actions={
        <>
          <ButtonLink href={typeof returnTo === 'string' ? signInPath(returnTo) : '/auth/login'} look="main">
            {messages.buttons.signInAgain}
          </ButtonLink>
          <ButtonLink href={(await pageBrand()).supportUrl} look="plain">
            {messages.buttons.support}
          </ButtonLink>
        </>
      }
    >
      <p>{signInFailed[code]}</p>
    </Problem>
  )
}
