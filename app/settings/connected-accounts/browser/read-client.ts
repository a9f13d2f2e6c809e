import 'server-only'
import { notFound } from 'next/navigation'
import { connection } from 'next/server'
import { config } from '@/lib/config/config'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import type { BrowserLinkingClient } from './_flow/client'

/** The configured client for linking in the browser. Without one, responds with 404. */
export async function readClient(): Promise<BrowserLinkingClient> {
  await connection()
  const { browserLinkingClientId: clientId, managementDomain, appBaseUrl } = config()
  if (clientId === undefined) notFound()
  const redirectUri = `${appBaseUrl}${SIGN_IN_METHODS_PATH}/browser/callback`
  return { clientId, domain: managementDomain.host, redirectUri }
}
