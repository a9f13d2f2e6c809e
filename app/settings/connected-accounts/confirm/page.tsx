import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { Preview } from '@/components/accounts/preview'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Page } from '@/components/ui/page'
import { type ConnectPlan, planConnect, type ProvenFlow } from '@/lib/accounts/connect-plan'
import { refusalOf } from '@/lib/accounts/refused'
import { managementApiFor } from '@/lib/accounts/session-account'
import { canRemoveStray } from '@/lib/accounts/stray'
import type { SettingsRefusal } from '@/lib/linking/errors'
import { hash12 } from '@/lib/linking'
import { chooseMessages } from '@/lib/messages'
import { readConnectFlow } from '@/lib/session/connect-flow'
import { requireSession, type Session } from '@/lib/session/session'
import { connectPreview } from '../_views/connect-preview'
import { cancelConnect, connectAccount } from '../actions'
import { ConnectRefusal } from '../connect-refusal'
import { pageWith } from '../notice'
import { PAGE } from '../paths'
import { RemoveStrayForm } from '../remove-stray-form'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: chooseMessages({ headers: await headers() }).settings.confirm.title }
}

/** The last question before two accounts are connected: what will happen, in words. */
export default async function ConfirmPage({ searchParams }: Props) {
  const session = await requireSession(PAGE)
  const { flow: handle, changed } = await searchParams
  const request = { headers: await headers() }
  const flow = await readConnectFlow(request, typeof handle === 'string' ? handle : undefined, session.userId)
  if (!flow?.chosen || !flow.proof) redirect(pageWith({ refused: 'no_flow' }))
  const proven = { ...flow, chosen: flow.chosen, proof: flow.proof }
  const plan = await planOrRefusal(session, proven)
  if (!plan) redirect(pageWith({ done: 'already_connected' }))
  const messages = chooseMessages(request)
  if (typeof plan === 'string') return <ConnectRefusal messages={messages} flow={proven} code={plan} />

  const { confirm } = messages.settings
  const isRemovable = await canRemoveStray(flow)
  return (
    <Page error={changed === undefined ? undefined : 'changed'}>
      <Notice notice={changed === undefined ? undefined : { text: confirm.changed, isRefusal: true }} />
      <Preview view={await connectPreview(messages, plan)}>
        <form action={connectAccount}>
          <input type="hidden" name="flow" value={flow.handle} />
          <input type="hidden" name="agreed" value={plan.digest} />
          <input type="hidden" name="identity" value={await hash12(plan.other.user_id)} />
          <Button look="strong">{confirm.connect}</Button>
        </form>
        <form action={cancelConnect}>
          <input type="hidden" name="flow" value={flow.handle} />
          <Button look="plain">{confirm.cancel}</Button>
        </form>
        {isRemovable && <RemoveStrayForm messages={messages} flow={flow.handle} />}
      </Preview>
    </Page>
  )
}

async function planOrRefusal(
  session: Session,
  flow: ProvenFlow,
): Promise<ConnectPlan | SettingsRefusal | undefined> {
  try {
    return await planConnect(managementApiFor(session), session, flow)
  } catch (error) {
    return refusalOf(error)
  }
}
