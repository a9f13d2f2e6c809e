import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { pageMessages } from '@/app/_messages'
import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { currentWayBack } from '@/app/settings/_way-back'
import { Preview } from '@/components/accounts/preview'
import { Actions } from '@/components/ui/actions'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Notice } from '@/components/ui/notice'
import { Page } from '@/components/ui/page'
import type { ManagementApi } from '@/lib/auth0/management-api'
import type { Session } from '@/lib/session/session'
import { outcomeOf } from '@/lib/sign-in-methods/account-refusal'
import { knownConnections } from '@/lib/sign-in-methods/connections'
import { type DisconnectTarget, planDisconnect } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { pathWithNotice } from '@/lib/sign-in-methods/notice'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import {
  assertStepUpHelps,
  hasRecentSignIn,
  isProvenEnough,
  managementApiFor,
} from '@/lib/sign-in-methods/session-account'
import { disconnectPreview } from '@/lib/sign-in-methods/views/disconnect-preview'
import { disconnectAccount } from '../actions'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The page's title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageMessages()).settings.disconnect }
}

/** The page that says what removing a sign-in method would do, with the button that does it. */
export default async function DisconnectPage({ searchParams }: Props) {
  const { keep } = await currentWayBack()
  const session = await sessions().requireSession(keep(SIGN_IN_METHODS_PATH))
  const { identity, undo, changed } = await searchParams
  const target = { handle: typeof identity === 'string' ? identity : '', isUndo: undo === '1' }
  const api = managementApiFor(signInServices(), session, 'change')
  const { done: plan, refused } = await outcomeOf(planWithStepUp(api, session, target))
  if (refused) redirect(keep(pathWithNotice({ refused })))
  if (!plan) redirect(keep(pathWithNotice({ done: 'already_disconnected' })))
  const messages = await pageMessages()
  const { disconnectPage: words } = messages.settings
  const cancel = (
    <ButtonLink href={keep(SIGN_IN_METHODS_PATH)} look="plain">
      {words.cancel}
    </ButtonLink>
  )
  const fields = (
    <>
      <input type="hidden" name="identity" value={target.handle} />
      <input type="hidden" name="agreed" value={plan.digest} />
      {plan.isUndo && <input type="hidden" name="undo" value="1" />}
    </>
  )
  return (
    <Page error={changed === undefined ? undefined : 'changed'}>
      <Notice notice={changed === undefined ? undefined : { text: words.readAgain, isRefusal: true }} />
      <Preview
        view={
          await disconnectPreview(
            signInServices(),
            messages,
            plan,
            await knownConnections(signInServices(), api),
          )
        }
      >
        {isProvenEnough(signInServices(), session, plan.account) ? (
          <form action={disconnectAccount}>
            {fields}
            {plan.canRemove && (
              <label className="flex items-start gap-3 py-2">
                <input
                  type="checkbox"
                  name="remove"
                  value="1"
                  className="mt-0.5 size-6 shrink-0 accent-accent"
                />
                <span>{words.remove}</span>
              </label>
            )}
            <Actions>
              <Button look="main">{plan.isUndo ? words.confirmUndo : messages.settings.disconnect}</Button>
              {cancel}
            </Actions>
          </form>
        ) : (
          <form action={keep(`${SIGN_IN_METHODS_PATH}/step-up`)} method="post">
            {fields}
            <p>{hasRecentSignIn(signInServices(), session) ? words.stepUpFactor : words.stepUp}</p>
            <Actions>
              <Button look="main">{messages.buttons.signInAgain}</Button>
              {cancel}
            </Actions>
          </form>
        )}
      </Preview>
    </Page>
  )
}

/** Plans the disconnect. Refuses if the person would have to sign in again for a second factor, and that did not help before. */
async function planWithStepUp(api: ManagementApi, session: Session, target: DisconnectTarget) {
  const plan = await planDisconnect(signInServices(), api, session, target)
  if (plan) assertStepUpHelps(session, plan.account)
  return plan
}
