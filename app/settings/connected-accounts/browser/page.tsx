import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { demoAddresses } from '@/app/demo-addresses'
import { config } from '@/lib/config/config'
import { chooseMessages } from '@/lib/messages'
import { BrowserLinking } from './browser-linking'
import { readClient } from './read-client'

const readWords = async () => chooseMessages(config(), { headers: await headers() })

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  await readClient()
  return { title: (await readWords()).browserLinking.title }
}

/** Linking in the browser alone, with auth0.js. Needs no session of this application, and no secret. */
export default async function BrowserLinkingPage() {
  const client = await readClient()
  const { browserLinking, providers, as, effects } = await readWords()
  const { sameEmail, blocked } = config().policy
  return (
    <BrowserLinking
      client={client}
      rules={{ sameEmail, blocked }}
      words={{ ...browserLinking, providers, as, devices: effects.devices }}
      certificateOf={demoAddresses() && `https://${client.domain}/_tenant/`}
    />
  )
}
