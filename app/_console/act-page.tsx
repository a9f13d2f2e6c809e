import { ActForm } from '@/components/console/act-form'
import { ACT_NAMES, OperatorAct } from '@/lib/console/acts/act'
import { mayAct, planAct } from '@/lib/console/acts/carry-out'
import { MAX_REASON_CHARACTERS } from '@/lib/console/audit'
import { ACT, HOME, personPath, SIGN_IN } from '@/lib/console/paths'
import { fromReference } from '@/lib/console/references'
import { refusalText } from '@/lib/console/views/refusals'
import { redirectToPage } from '@/lib/http/redirects'
import { outcomeOf } from '@/lib/sign-in-methods/account-refusal'
import type { ConsolePage } from './page-shape'
import type { Operator } from './services'

/** The preview of an act. An operator who signed in too long ago must sign in again first, and then returns to the preview. */
export async function actPage(
  { services, session }: Operator,
  reference: string | undefined,
): Promise<ConsolePage | Response | undefined> {
  const act = await fromReference(services, session, 'act', reference, OperatorAct)
  if (!act || !reference) return undefined
  if (!mayAct(session))
    return redirectToPage(services, SIGN_IN, {
      returnTo: `${ACT}?${new URLSearchParams({ what: reference })}`,
    })
  const back = act.userId ? await personPath(services, session, act.userId) : HOME
  const { done: plan, refused } = await outcomeOf(planAct(services, act))
  const title = ACT_NAMES[act.kind]
  return {
    title,
    errorCode: refused,
    body: (
      <>
        <h1>{title}</h1>
        {plan ? (
          <ActForm
            {...{ effects: plan.effects, button: title, reference, digest: plan.digest }}
            longest={MAX_REASON_CHARACTERS}
          />
        ) : (
          <p className="note warn">{refusalText(refused)}</p>
        )}
        <p>
          <a href={back} className="touch">
            Back without a change
          </a>
        </p>
      </>
    ),
  }
}
