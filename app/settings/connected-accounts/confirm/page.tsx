import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { pageMessages } from '@/app/_messages'
import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { currentWayBack } from '@/app/settings/_way-back'
import { Preview } from '@/components/accounts/preview'
import { Actions } from '@/components/ui/actions'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Page } from '@/components/ui/page'
import { hash12 } from '@/core'
import { outcomeOf } from '@/lib/sign-in-methods/account-refusal'
import { readConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { canRemoveOrphanAccount } from '@/lib/sign-in-methods/connect/orphan-account'
import { toProvenFlow } from '@/lib/sign-in-methods/connect/proven-account'
import { knownConnections } from '@/lib/sign-in-methods/connections'
import { retryAfterEnding } from '@/lib/sign-in-methods/end-sessions/end-access'
import { pathWithNotice } from '@/lib/sign-in-methods/notice'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { connectPreview } from '@/lib/sign-in-methods/views/connect-preview'
import { cancelConnect, connectAccount } from '../actions'
import { ConnectRefusal } from '../connect-refusal'
import { RemoveOrphanAccountForm } from '../remove-orphan-account-form'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageMessages()).settings.confirm.title }
}

/** The confirmation page, which says what will happen before two accounts are connected. */
export default async function ConfirmPage({ searchParams }: Props) {
  const { keep } = await currentWayBack()
  const session = await sessions().requireSession(keep(SIGN_IN_METHODS_PATH))
  const { flow: handle, changed } = await searchParams
  const request = { headers: await headers() }
  const name = typeof handle === 'string' ? handle : undefined
  const flow = toProvenFlow(await readConnectFlow(signInServices(), request, name, session.userId))
  if (!flow) redirect(keep(pathWithNotice({ refused: 'no_flow' })))
  const both = [session.userId, flow.proof.userId]
  const api = managementApiFor(signInServices(), session, 'view')
  const { done: plan, refused } = await outcomeOf(
    retryAfterEnding(signInServices(), both, () => planConnect(signInServices(), api, session, flow)),
  )
  const messages = await pageMessages()
  if (refused) {
    const known = await knownConnections(signInServices(), api)
    return <ConnectRefusal messages={messages} flow={flow} code={refused} known={known} />
  }
  if (!plan) redirect(keep(pathWithNotice({ done: 'already_connected' })))
  const known = await knownConnections(signInServices(), api)

  const { confirm } = messages.settings
  const isRemovable = await canRemoveOrphanAccount(signInServices(), flow)
  return (
    <Page error={changed === undefined ? undefined : 'changed'}>
      <Notice notice={changed === undefined ? undefined : { text: confirm.readAgain, isRefusal: true }} />
      <Preview view={await connectPreview(signInServices(), messages, plan, known)}>
        <Actions>
          <form action={connectAccount}>
            <input type="hidden" name="flow" value={flow.handle} />
            <input type="hidden" name="agreed" value={plan.digest} />
            <input type="hidden" name="identity" value={await hash12(plan.other.user_id)} />
            <Button look="main">{confirm.connect}</Button>
          </form>
          <form action={cancelConnect}>
            <input type="hidden" name="flow" value={flow.handle} />
            <Button look="plain">{confirm.cancel}</Button>
          </form>
          {isRemovable && <RemoveOrphanAccountForm messages={messages} flow={flow.handle} />}
        </Actions>
      </Preview>
    </Page>
  )
}
