import 'server-only'
import type { PreviewView } from '@/components/accounts/preview'
import { RIGHTS_KINDS } from '@/core'
import type { Messages } from '@/lib/messages/en'
import { fieldNames } from '@/lib/messages/field-names'
import { lostKinds, namesOf, rightsList } from '@/lib/messages/rights-names'
import { listSignInMethods, type NamedConnection } from '@/lib/messages/way-name'
import type { ConnectPlan } from '@/lib/sign-in-methods/connect/connect-plan'
import type { FieldNames } from '@/lib/sign-in-methods/connect/proven-account'
import type { Services } from '../../link-flow/services'
import { undoneUntil } from '../../link-flow/views/link-effects'
import { stepOf } from '../../link-flow/views/prompt-view'
import { accountName, provenName } from './account-name'

/**
 * The page that explains what connecting two accounts would do.
 *
 * @param known - The tenant's connections; empty if they could not be listed.
 */
export async function connectPreview(
  services: Pick<Services, 'authorities' | 'linkingAuthority' | 'policy' | 'undoPeriod'>,
  messages: Messages,
  plan: ConnectPlan,
  known: NamedConnection[] = [],
): Promise<PreviewView> {
  const { confirm } = messages.settings
  const { current, other } = plan
  const [own, ...also] = other.identities
  const otherName = provenName(messages, own ?? { provider: '' }, other.names, known)
  const [mine] = current.identities
  // If the new account is the primary one, the old account is linked into it, so "nothing is lost" may be wrong.
  const isNew = plan.isNew && plan.stays === 'current'
  const { stays, added, proven, effects } = messages.confirm
  return {
    step: stepOf(messages, 3),
    title: confirm.title,
    lead: proven,
    tiles: [
      {
        account: accountName(messages, mine ?? { provider: '' }, current.names, current, known),
        tag: plan.stays === 'current' ? stays : added,
      },
      { account: otherName, tag: plan.stays === 'current' ? added : stays },
    ],
    effectsTitle: effects,
    effects: [
      ...(isNew ? [confirm.isNew] : []),
      plan.stays === 'current' ? confirm.currentStays : confirm.otherStays({ provider: otherName.provider }),
      ...(also.length > 0
        ? [
            confirm.also({
              provider: otherName.provider,
              providers: listSignInMethods(messages, also, 0, known),
            }),
          ]
        : []),
      ...fieldEffects(messages, plan),
      ...(isNew ? [] : rightsEffects(messages, plan, services.policy)),
      (await services.authorities.canEndAccess()) ? messages.effects.devicesEnd : confirm.devicesStay,
      undoEffect(services, messages),
    ],
  }
}

/** Sentences on the rights that the primary account gets from the secondary one, and on those that are lost. */
function rightsEffects(
  messages: Messages,
  { secondary: { rights: of }, rights }: ConnectPlan,
  { factors }: Services['policy'],
): string[] {
  const given = rightsList(messages, namesOf(of, rights.given))
  const lost = rightsList(messages, namesOf(of, rights.dropped))
  return [
    ...(given === undefined ? [] : [messages.rights.given({ rights: given })]),
    ...(lost === undefined ? [] : [messages.rights.lost({ rights: lost })]),
    ...(factors === 'enroll' && rights.dropped.factors ? [messages.rights.enroll] : []),
    ...lostKinds(
      messages,
      RIGHTS_KINDS.filter((kind) => !of?.[kind]),
    ),
  ]
}

function fieldEffects(messages: Messages, { carried, kept, lost }: ConnectPlan): string[] {
  const { effects, settings } = messages
  const { confirm } = settings
  const said = (names: FieldNames, say: (values: { fields: string }) => string) => {
    const fields = fieldList(messages, names)
    return fields === undefined ? [] : [say({ fields })]
  }
  return [...said(carried, effects.carriedFields), ...said(kept, confirm.kept), ...said(lost, confirm.lost)]
}

/**
 * A list of metadata fields for people. Fields of `user_metadata` are named, because they are the person's own data. Fields
 * of `app_metadata` are only counted.
 *
 * @returns Undefined if there are no fields.
 */
export const fieldList = (
  messages: Messages,
  { user_metadata, app_metadata }: FieldNames,
): string | undefined => fieldNames(messages, user_metadata, app_metadata.length)

function undoEffect(services: Pick<Services, 'linkingAuthority' | 'undoPeriod'>, messages: Messages): string {
  const { confirm } = messages.settings
  const { linkingAuthority, undoPeriod } = services
  if (linkingAuthority === 'user') return confirm.noUndo
  return undoPeriod === 0 ? confirm.undoAlways : confirm.undo({ date: undoneUntil(messages, undoPeriod) })
}
