import { pageMessages } from '@/app/_messages'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'

/** The page for a URL that does not exist. */
export default async function NotFound() {
  // This reads headers, so Next.js renders the page for each request. Scripts of a page made at build time would lack the nonce.
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
