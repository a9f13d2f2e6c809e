import type { CurrentWayBack } from '@/app/settings/_way-back'
import { ButtonLink } from '@/components/ui/button-link'
import { Problem } from '@/components/ui/problem'
import type { SettingsRefusal } from '@/core/errors'
import type { Messages } from '@/lib/messages/en'
import { freshSignInPath, signInPath } from '@/lib/session/sign-in-path'
import { PAGE } from '@/lib/sign-in-methods/paths'

/** Why the account cannot be shown, which decides the next step. */
const KINDS: Partial<Record<SettingsRefusal, 'gone' | 'ended' | 'blocked'>> = {
  not_found: 'gone',
  reauth_required: 'ended',
  blocked: 'blocked',
}

interface Props {
  messages: Messages
  code: SettingsRefusal
  supportUrl: string
  /** The result of the step that led here. */
  lastStep?: string | undefined
  /** An address of ours with the way back. */
  keep: CurrentWayBack['keep']
}

/** Replaces the page if the signed-in account cannot be shown. */
export function AccountProblem({ messages, code, supportUrl, lastStep, keep }: Props) {
  const { buttons } = messages
  const { problems } = messages.settings
  const kind = KINDS[code] ?? 'down'
  const { title, what } = problems[kind]
  const nextStep = {
    gone: { href: signInPath(keep(PAGE)), label: buttons.signInAgain },
    // The tenant may still have the old session, which would lead back here.
    ended: { href: freshSignInPath(keep(PAGE)), label: buttons.signInAgain },
    blocked: { href: '/auth/logout', label: messages.settings.signOut },
    down: { href: keep(PAGE), label: buttons.tryAgain },
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
