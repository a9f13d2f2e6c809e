import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { pageMessages } from '@/app/_messages'
import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { currentWayBack } from '@/app/settings/_way-back'
import { readConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { knownConnections } from '@/lib/sign-in-methods/connections'
import { pathWithNotice } from '@/lib/sign-in-methods/notice'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { ConnectRefusal } from '../connect-refusal'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageMessages()).errors.wrong_account.title }
}

/** Says to which account the person signed in instead of the expected one. */
export default async function WrongAccountPage({ searchParams }: Props) {
  const { keep } = await currentWayBack()
  const session = await sessions().requireSession(keep(SIGN_IN_METHODS_PATH))
  const { flow: handle } = await searchParams
  const request = { headers: await headers() }
  const flow = await readConnectFlow(
    signInServices(),
    request,
    typeof handle === 'string' ? handle : undefined,
    session.userId,
  )
  if (!flow?.wrong) redirect(keep(pathWithNotice({ refused: 'no_flow' })))
  const code = flow.wrong.isCurrent ? 'same_account' : 'wrong_account'
  const known = await knownConnections(signInServices(), managementApiFor(signInServices(), session, 'view'))
  return <ConnectRefusal messages={await pageMessages()} flow={flow} code={code} known={known} />
}
