import 'server-only'
import type { PreviewView } from '@/components/accounts/preview'
import { type GiveBack, hasNoRights, type RightIds } from '@/core'
import type { Messages } from '@/lib/messages/en'
import { namesOf, rightsList } from '@/lib/messages/rights-names'
import type { NamedConnection } from '@/lib/messages/way-name'
import type { DisconnectPlan } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import type { Services } from '../../link-flow/services'
import { accountName } from './account-name'
import { fieldList } from './connect-preview'

/**
 * The page that explains what taking an identity out of an account would do.
 *
 * @param known - The tenant's connections; empty if they could not be listed.
 */
export async function disconnectPreview(
  services: Pick<Services, 'authorities' | 'linkingAuthority'>,
  messages: Messages,
  plan: DisconnectPlan,
  known: NamedConnection[] = [],
): Promise<PreviewView> {
  const { disconnectPage: words } = messages.settings
  const { account, identity, isUndo } = plan
  const name = accountName(messages, identity, identity.profile, account, known)
  return {
    title: isUndo ? words.undoTitle({ provider: name.provider }) : words.title({ provider: name.provider }),
    tiles: [{ account: name }],
    effectsTitle: messages.confirm.effects,
    effects: [
      words.becomes({ provider: name.provider }),
      ...(services.linkingAuthority === 'user' ? [words.noMetadata] : fieldEffects(messages, plan.fields)),
      ...rightsEffects(messages, plan),
      ...(isUndo && isWhole(plan) ? [words.restored] : []),
      ...((await services.authorities.canEndAccess()) ? [messages.effects.devicesEnd] : []),
      words.notAsked,
    ],
  }
}

/** Whether the unlinked account gets back all its metadata and rights. */
export const isWhole = ({ fields, rights }: Pick<DisconnectPlan, 'fields' | 'rights'>): boolean =>
  fields.changed.length +
    Object.keys({ ...fields.heldBack.user_metadata, ...fields.heldBack.app_metadata }).length ===
    0 && hasNoRights(rights.withheld)

function rightsEffects(messages: Messages, { rights }: DisconnectPlan): string[] {
  const { rights: words } = messages
  const said = (ids: RightIds, say: Messages['rights']['getsBack']) => {
    const list = rightsList(messages, namesOf(rights.names, ids))
    return list === undefined ? [] : [say({ rights: list })]
  }
  const { factors, ...withheld } = rights.withheld
  return [
    ...said(rights.give, words.getsBack),
    ...said(rights.take, words.leaves),
    ...said(withheld, words.notReturned),
    ...(factors ? [words.factorsAgain] : []),
  ]
}

function fieldEffects(messages: Messages, { give, take, changed, heldBack }: GiveBack): string[] {
  const { disconnectPage: words } = messages.settings
  const gets = fieldList(messages, {
    user_metadata: Object.keys(give.user_metadata),
    app_metadata: Object.keys(give.app_metadata),
  })
  const gives = fieldList(messages, take)
  const stays = fieldList(messages, { user_metadata: changed, app_metadata: [] })
  const held = fieldList(messages, {
    user_metadata: [],
    app_metadata: Object.keys({ ...heldBack.user_metadata, ...heldBack.app_metadata }),
  })
  return [
    gets === undefined ? words.getsNothing : words.gets({ fields: gets }),
    ...(gives === undefined ? [] : [words.gives({ fields: gives })]),
    ...(stays === undefined ? [] : [words.changed({ fields: stays })]),
    ...(held === undefined ? [] : [words.heldBack({ fields: held })]),
  ]
}
