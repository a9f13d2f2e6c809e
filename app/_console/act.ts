import 'server-only'
import { OperatorAct } from '@/lib/console/acts/act'
import { carryOut } from '@/lib/console/acts/carry-out'
import { ACT, HOME, personPath, SIGN_IN } from '@/lib/console/paths'
import { fromReference } from '@/lib/console/references'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage } from '@/lib/http/redirects'
import { logEvent } from '@/lib/observability/log'
import { outcomeOf } from '@/lib/sign-in-methods/account-refusal'
import type { Operator } from './services'

/** `POST /console/act`: carries out an act, then redirects to the account's page, which shows the outcome. */
export async function act({ services, session }: Operator, request: Request): Promise<Response | undefined> {
  const fields = await formFields(request.clone())
  const [reference = '', agreed = '', reason = ''] = ['what', 'digest', 'reason'].map((name) =>
    fields.get(name)?.trim(),
  )
  const wanted = await fromReference(services, session, 'act', reference, OperatorAct)
  if (!wanted) return undefined
  const { done: shown, refused } = await outcomeOf(carryOut(services, session, wanted, { agreed, reason }))
  if (refused === undefined) {
    const page = shown ? await personPath(services, session, shown) : HOME
    return redirectToPage(services, page, { done: wanted.kind })
  }
  logEvent('console_act_refused', { act: wanted.kind, code: refused })
  const preview = `${ACT}?${new URLSearchParams({ what: reference })}`
  if (refused === 'reauth_required') return redirectToPage(services, SIGN_IN, { returnTo: preview })
  // Someone who may no longer use the console sees what everyone else sees there.
  if (refused === 'blocked') return redirectToPage(services, HOME)
  const page = wanted.userId ? await personPath(services, session, wanted.userId) : HOME
  return redirectToPage(services, page, { refused })
}
