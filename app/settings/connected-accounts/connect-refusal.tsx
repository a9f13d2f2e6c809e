import { signInServices } from '@/app/settings/_services'
import { type CurrentWayBack, currentWayBack } from '@/app/settings/_way-back'
import { type AccountView, Tiles } from '@/components/ui/account-tile'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'
import type { SettingsRefusal } from '@/core/errors'
import { providerOf } from '@/core/identity'
import { appUrl } from '@/lib/config/app-url'
import { wayView } from '@/lib/link-flow/views/account-views'
import { stepOf } from '@/lib/link-flow/views/prompt-view'
import type { Messages } from '@/lib/messages/en'
import { maskEmail } from '@/lib/messages/mask-email'
import { type NamedConnection, wayOfProvider } from '@/lib/messages/way-name'
import type { ConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { canRemoveOrphanAccount } from '@/lib/sign-in-methods/connect/orphan-account'
import { refusalText } from '@/lib/sign-in-methods/notice'
import { confirmPath, SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { RemoveOrphanAccountForm } from './remove-orphan-account-form'

/** Refusals after which another sign-in may succeed. */
const WORTH_TRYING = new Set<SettingsRefusal>([
  'wrong_account',
  'same_account',
  'mfa_required',
  'own_factor_required',
])

/** Says to which account the person signed in, why it was not connected, and what to do next. */
export async function ConnectRefusal({
  messages,
  flow,
  code,
  known,
}: {
  messages: Messages
  flow: ConnectFlow
  code: SettingsRefusal
  /** The tenant's connections, for display names; empty if they could not be listed. */
  known: NamedConnection[]
}) {
  const { buttons, errors } = messages
  const { refusal, back } = messages.settings
  const { keep } = await currentWayBack()
  const titles: Partial<Record<SettingsRefusal, string>> = {
    wrong_account: errors.wrong_account.title,
    same_account: errors.same_account.title,
  }
  const signedIn = signedInAccount(messages, flow, known)
  const isRemovable = await canRemoveOrphanAccount(signInServices(), flow)
  return (
    <Problem
      code={code}
      codeLine={messages.code({ code })}
      step={stepOf(messages, 2)}
      title={titles[code] ?? refusal.title}
      actions={
        <>
          {WORTH_TRYING.has(code) && flow.chosen && (
            <form action={keep(`${SIGN_IN_METHODS_PATH}/connect`)} method="post">
              <input type="hidden" name="flow" value={flow.handle} />
              {code === 'mfa_required' && <input type="hidden" name="mfa" value="1" />}
              <Button look="main">{buttons.tryAgain}</Button>
            </form>
          )}
          {code === 'busy' && (
            <ButtonLink href={keep(confirmPath(flow.handle))} look="main">
              {buttons.tryAgain}
            </ButtonLink>
          )}
          {!flow.chosen && flow.returnTo && (
            <ButtonLink href={keep(flow.returnTo as `/${string}`)} look="main">
              {buttons.tryAgain}
            </ButtonLink>
          )}
          <ButtonLink href={keep(SIGN_IN_METHODS_PATH)} look="plain">
            {back}
          </ButtonLink>
          {isRemovable && <RemoveOrphanAccountForm messages={messages} flow={flow.handle} />}
        </>
      }
    >
      <p>{refusalText(messages, code)}</p>
      {signedIn && <Tiles tiles={[{ account: signedIn, tag: messages.wrongAccount.signedIn }]} />}
      {signedIn && code === 'wrong_account' && (
        <a href={tenantSignOut(keep)} className="touch">
          {buttons.signOut}
        </a>
      )}
    </Problem>
  )
}

/** The account to which the person signed in, with a masked email address. */
function signedInAccount(
  messages: Messages,
  { wrong, proof, chosen }: ConnectFlow,
  known: NamedConnection[],
): AccountView | undefined {
  const provider = wrong?.provider ?? (proof && providerOf(proof.userId))
  if (!provider) return undefined
  // A wrong account may be of another connection of the same provider.
  const isProofOfChosen = !wrong && provider === chosen?.provider
  return {
    ...wayView(messages, isProofOfChosen ? chosen : wayOfProvider(provider, known), known),
    label: wrong?.email ?? (proof?.email ? maskEmail(proof.email) : messages.settings.noLabel),
  }
}

/**
 * The URL that signs the browser out at the tenant and then returns to our page.
 *
 * @see {@link https://auth0.com/docs/authenticate/login/logout/redirect-users-after-logout Redirect users after logout}: Auth0 ignores
 *   the query of `returnTo` when it compares it with the registered URLs.
 */
function tenantSignOut(keep: CurrentWayBack['keep']): string {
  const { auth0Domain, linkingClient } = signInServices()
  const url = new URL('/v2/logout', auth0Domain.issuer)
  url.searchParams.set('client_id', linkingClient.id)
  url.searchParams.set('returnTo', appUrl(signInServices().appBaseUrl, keep(SIGN_IN_METHODS_PATH)))
  return url.href
}
