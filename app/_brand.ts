import 'server-only'
import { headers } from 'next/headers'
import { cache } from 'react'
import type { Brand } from '@/lib/brand/brand'
import { linkFlowServices } from './_services'
import { ORGANIZATION } from './page-query'

/**
 * The brand for the page that is being rendered. If the person is signed in to an organization, it is the organization's brand.
 * The middleware passes its id in a header, so that this module need not load the session library: the layout is also part of the
 * bundle for `/link`.
 */
export const pageBrand = cache(async (): Promise<Brand> => {
  const organization = (await headers()).get(ORGANIZATION) ?? undefined
  const { brands, auth0Domain } = linkFlowServices()
  return brands.brandFor({ organization, host: auth0Domain.host })
})

/** The nonce for the page's styles, from its content security policy; undefined if the policy has none. */
export async function pageNonce(): Promise<string | undefined> {
  const policy = (await headers()).get('content-security-policy') ?? ''
  return /style-src [^;]*'nonce-([^']+)'/.exec(policy)?.[1]
}
