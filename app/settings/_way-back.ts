import 'server-only'
import { headers } from 'next/headers'
import { cache } from 'react'
import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { logEvent } from '@/lib/observability/log'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { carriedWayBack, type WayBack, withWayBack } from '@/lib/way-back/carried'
import { decideWayBack } from '@/lib/way-back/decide-way-back'
import { findClient } from '@/lib/way-back/find-client'

/** The return link to the application that the person came from, and a function that adds it to our own URLs. */
export interface CurrentWayBack {
  /** The return link to show; undefined if there is none. */
  link: { href: string; application: string } | undefined
  /** Adds the return link of this request to a path, unless it was refused. */
  keep: (path: `/${string}`) => `/${string}`
}

/**
 * The return link of the request for which a page is rendered. It is decided once for page and layout. If it is refused, that is
 * logged and `keep` does not add it. If it cannot be decided now, `keep` adds it, and the next page decides.
 */
export const currentWayBack = cache(async (): Promise<CurrentWayBack> => {
  const way = carriedWayBack(await headers())
  const found = way && (await linkOf(way))
  const kept = found?.isRefused ? undefined : way
  return { link: found?.link, keep: (path) => withWayBack(path, kept) }
})

/** Returns `keep` for a server action. It adds the return link of the page whose form called the action. */
export async function keepWayBack(): Promise<CurrentWayBack['keep']> {
  const way = carriedWayBack(await headers())
  return (path) => withWayBack(path, way)
}

async function linkOf({
  clientId,
  returnTo,
}: WayBack): Promise<{ link?: CurrentWayBack['link']; isRefused: boolean } | undefined> {
  const session = await sessions().currentSession()
  // Without a session, do not ask the tenant: otherwise anyone could use up its rate limit.
  if (!session) return undefined
  const { appBaseUrl, authorities } = signInServices()
  const api = managementApiFor(signInServices(), session, 'view')
  const { client, ignored } = await findClient(authorities, api, clientId)
  if (!client) return ignore(ignored, ignored === 'client_unknown')
  const decided = decideWayBack(returnTo, client, appBaseUrl)
  if (decided.ignored) return ignore(decided.ignored, true)
  return { link: { href: decided.href, application: client.name }, isRefused: false }
}

function ignore(reason: string, isRefused: boolean) {
  logEvent('way_back_ignored', { reason })
  return { isRefused }
}
