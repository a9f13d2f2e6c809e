import 'server-only'
import type { PreviewView } from '@/components/accounts/preview'
import type { ConnectPlan, FieldNames } from '@/lib/accounts/connect-plan'
import { canEndAccess } from '@/lib/auth0/authority'
import { config } from '@/lib/config'
import type { Messages } from '@/lib/messages/en'
import { plainText } from '@/lib/messages/mask-email'
import { accountName, provenName, providerView } from './account-name'

const DAY = 86_400

/** What connecting two accounts would do, in words. */
export async function connectPreview(messages: Messages, plan: ConnectPlan): Promise<PreviewView> {
  const { confirm } = messages.settings
  const { current, other } = plan
  const [own, ...also] = other.identities
  const otherName = provenName(messages, own ?? { provider: '', connection: '' }, other.names)
  const [mine] = current.identities
  // A new account that stays makes an old one end.
  const isNew = plan.isNew && plan.stays === 'current'
  return {
    title: confirm.title,
    lead: confirm.proven,
    accounts: [
      {
        lead: confirm.current,
        account: accountName(messages, mine ?? { provider: '', connection: '' }, current.names, current),
      },
      { lead: confirm.other, account: otherName },
    ],
    effectsTitle: confirm.effects,
    effects: [
      ...(isNew ? [confirm.isNew] : []),
      plan.stays === 'current' ? confirm.currentStays : confirm.otherStays(otherName.provider),
      ...(also.length > 0
        ? [confirm.also(also.map((identity) => providerView(messages, identity).provider).join(', '))]
        : []),
      ...fieldEffects(messages, plan),
      ...(isNew ? [] : [confirm.ends]),
      (await canEndAccess()) ? confirm.devicesEnd : confirm.devicesStay,
      undoEffect(messages),
    ],
  }
}

function fieldEffects(messages: Messages, { carried, kept, lost }: ConnectPlan): string[] {
  const { confirm } = messages.settings
  const said = (names: FieldNames, say: (fields: string) => string) => {
    const fields = fieldList(messages, names)
    return fields === undefined ? [] : [say(fields)]
  }
  return [...said(carried, confirm.carried), ...said(kept, confirm.kept), ...said(lost, confirm.lost)]
}

/**
 * Names of saved details. Those of `user_metadata` belong to the person; what the application itself keeps is only counted.
 *
 * @returns Undefined where there are none.
 */
export function fieldList(
  { settings }: Messages,
  { user_metadata, app_metadata }: FieldNames,
): string | undefined {
  const parts = [
    ...user_metadata.map(isolated),
    ...(app_metadata.length > 0 ? [settings.fields.more(app_metadata.length)] : []),
  ]
  return parts.length > 0 ? parts.join(settings.fields.and) : undefined
}

/** A name that cannot turn the sentence around it: {@link https://www.unicode.org/reports/tr9/ UAX 9}, isolates. */
function isolated(name: string): string {
  const text = plainText(name)
  return /^[\x20-\x7e]*$/.test(text) ? text : `\u2068${text}\u2069`
}

function undoEffect({ settings: { confirm } }: Messages): string {
  const { linkingAuthority, undoPeriod } = config()
  if (linkingAuthority === 'user') return confirm.noUndo
  return undoPeriod === 0 ? confirm.undoAlways : confirm.undo(undoPeriod / DAY)
}
