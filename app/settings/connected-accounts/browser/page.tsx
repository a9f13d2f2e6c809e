import type { Metadata } from 'next'
import { pageMessages } from '@/app/_messages'
import { demoAddresses } from '@/app/demo-addresses'
import { config } from '@/lib/config/config'
import { BrowserLinking } from './browser-linking'
import { readClient } from './read-client'

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  await readClient()
  return { title: (await pageMessages()).browserLinking.title }
}

/** The page that links in the browser alone, with auth0.js. It needs neither a session of this application nor a secret. */
export default async function BrowserLinkingPage() {
  const client = await readClient()
  const { browserLinking, providers, effects } = await pageMessages()
  const { sameEmail, blocked } = config().policy
  return (
    <BrowserLinking
      client={client}
      rules={{ sameEmail, blocked }}
      words={{ ...browserLinking, providers, devices: effects.devices }}
      certificateOf={demoAddresses() && `https://${client.domain}/_tenant/`}
    />
  )
}
