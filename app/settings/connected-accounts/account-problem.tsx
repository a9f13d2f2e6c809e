import type { CurrentWayBack } from '@/app/settings/_way-back'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'
import type { SettingsRefusal } from '@/core/errors'
import type { Messages } from '@/lib/messages/en'
import { freshSignInPath, signInPath } from '@/lib/session/sign-in-path'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'

/** The reasons why the account cannot be shown. Each has its own next step; all other codes count as `down`. */
const KINDS: Partial<Record<SettingsRefusal, 'gone' | 'ended' | 'blocked'>> = {
  not_found: 'gone',
  reauth_required: 'ended',
  blocked: 'blocked',
}

interface Props {
  messages: Messages
  code: SettingsRefusal
  supportUrl: string
  /** The result of the person's last step, in words. */
  lastStep?: string | undefined
  /** Adds the return link to one of our paths. */
  keep: CurrentWayBack['keep']
}

/** The page "Sign-in methods" if the account cannot be shown: the reason, and what to do next. */
export function AccountProblem({ messages, code, supportUrl, lastStep, keep }: Props) {
  const { buttons } = messages
  const { problems } = messages.settings
  const kind = KINDS[code] ?? 'down'
  const { title, what } = problems[kind]
  const nextStep = {
    gone: { href: signInPath(keep(SIGN_IN_METHODS_PATH)), label: buttons.signInAgain },
    // Force a fresh sign-in. The tenant may still have the old session, with which the person would end up here again.
    ended: { href: freshSignInPath(keep(SIGN_IN_METHODS_PATH)), label: buttons.signInAgain },
    blocked: { href: '/auth/logout', label: messages.settings.signOut },
    down: { href: keep(SIGN_IN_METHODS_PATH), label: buttons.tryAgain },
  }[kind]
  return (
    <Problem
      code={code}
      codeLine={messages.code({ code })}
      title={title}
      actions={
        <>
          <ButtonLink href={nextStep.href} look="main">
            {nextStep.label}
          </ButtonLink>
          <ButtonLink href={supportUrl} look="plain">
            {buttons.support}
          </ButtonLink>
        </>
      }
    >
      {lastStep && <p role="status">{lastStep}</p>}
      <p>{what}</p>
    </Problem>
  )
}
