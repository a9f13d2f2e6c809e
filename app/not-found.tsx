import { pageMessages } from '@/app/_messages'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'

/** What is shown for an address that does not exist. */
export default async function NotFound() {
  // Rendered per request, because it reads headers: the scripts of a page made at build time lack the nonce of the answer's policy.
  const messages = await pageMessages()
  const { notFound } = messages.pages
  return (
    <Problem
      code="not_found"
      codeLine={messages.code({ code: 'not_found' })}
      title={notFound.title}
      actions={
        <ButtonLink href="/" look="main">
          {notFound.start}
        </ButtonLink>
      }
    >
      <p>{notFound.what}</p>
    </Problem>
  )
}
