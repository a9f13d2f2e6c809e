import 'server-only'
import { headers } from 'next/headers'
import { cache } from 'react'
import type { Brand } from '@/lib/brand/brand'
import { services } from './_services'
import { ORGANIZATION } from './page-query'

/**
 * The brand of the page that is rendered: of the organization that its person is signed in to, if there is one. The middleware says
 * which: the frame of every page is part of what is deployed for `/link`, which goes without the session library.
 */
export const pageBrand = cache(async (): Promise<Brand> => {
  const organization = (await headers()).get(ORGANIZATION) ?? undefined
  const { brands, auth0Domain } = services()
  return brands.brandFor({ organization, host: auth0Domain.host })
})

/** The nonce of the styles of the page that is rendered, as its own policy says; undefined if it has none. */
export async function pageNonce(): Promise<string | undefined> {
  const policy = (await headers()).get('content-security-policy') ?? ''
  return /style-src [^;]*'nonce-([^']+)'/.exec(policy)?.[1]
}
