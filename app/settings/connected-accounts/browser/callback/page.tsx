import type { Metadata } from 'next'
import { pageMessages } from '@/app/_messages'
import { Page } from '@/components/ui/page'
import { readClient } from '../read-client'
import { HandOver } from './hand-over'

const readWords = async () => (await pageMessages()).browserLinking.window

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords()).title }
}

/** The page at which a sign-in window ends. It passes the response on to the page that opened the window. */
export default async function BrowserLinkingCallbackPage() {
  const client = await readClient()
  const { title, what } = await readWords()
  return (
    <Page>
      <h1>{title}</h1>
      <p className="quiet">{what}</p>
      <HandOver client={client} />
    </Page>
  )
}
