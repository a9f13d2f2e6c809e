import 'server-only'
import { headers } from 'next/headers'
import { cache } from 'react'
import { sessions } from '@/app/_sessions'
import { services } from '@/app/settings/_services'
import { logEvent } from '@/lib/observability/log'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { carriedWayBack, type WayBack, withWayBack } from '@/lib/way-back/carried'
import { decideWayBack } from '@/lib/way-back/decide-way-back'
import { findClient } from '@/lib/way-back/find-client'

/** The way back to the application that the person came from, and how addresses of ours keep it. */
export interface CurrentWayBack {
  /** The link back; undefined if there is none. */
  link: { href: string; application: string } | undefined
  /** The address, with the way back of this request if it still may count. */
  keep: (path: `/${string}`) => `/${string}`
}

/**
 * The way back of the request that is rendered, decided once for its page and layout. One that is refused is logged, and no link
 * carries it on; one that could not be decided is carried on, and the next page decides.
 */
export const currentWayBack = cache(async (): Promise<CurrentWayBack> => {
  const way = carriedWayBack(await headers())
  const found = way && (await linkOf(way))
  const kept = found?.isRefused ? undefined : way
  return { link: found?.link, keep: (path) => withWayBack(path, kept) }
})

/** The way back of a server action's request, which is that of the page it was pressed on. */
export async function keepWayBack(): Promise<CurrentWayBack['keep']> {
  const way = carriedWayBack(await headers())
  return (path) => withWayBack(path, way)
}

async function linkOf({
  clientId,
  returnTo,
}: WayBack): Promise<{ link?: CurrentWayBack['link']; isRefused: boolean } | undefined> {
  const session = await sessions().currentSession()
  // Without a session the tenant is not asked: anyone could use its calls up.
  if (!session) return undefined
  const { appBaseUrl, authorities } = services()
  const api = managementApiFor(services(), session, 'view')
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
