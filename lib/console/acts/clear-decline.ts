import 'server-only'
import { hash12, marksKeyOf, NEVER, parseMarks } from '../../../core'
import type { Account } from '../../auth0/account'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import { withAccountLock } from '../../sign-in-methods/with-account-lock'
import { timeText } from '../views/dates'
import type { PlanAct } from './plan'

const DISPUTED =
  'The owner reported this link as not theirs. If they were right, a later link gives an account to a stranger.'

/** Plans to remove a decline and the mark `looked` from an account, so that its next login looks and asks again. */
export const planClearDecline: PlanAct = async (services, api, userId, pair) => {
  const read = async () => {
    const account = await api.getUser(userId)
    const decline = parseMarks(account).declined?.[pair]
    if (!decline) throw new SettingsRefusedError('not_available')
    return { account, decline, digest: await hash12(JSON.stringify([userId, pair, decline])) }
  }
  const { decline, digest } = await read()
  const end = decline.until === NEVER ? 'for good' : `until ${timeText(decline.until)}`
  return {
    effects: [
      ...(decline.disputed ? [DISPUTED] : []),
      `The decline of ${timeText(decline.at)}, which holds ${end}, is removed.`,
      'The next login looks for other accounts again, and asks.',
      'A decline that the other account keeps stays.',
    ],
    digest,
    async carryOut() {
      await withAccountLock(services, [userId], async () => {
        const now = await read()
        if (now.digest !== digest) throw new SettingsRefusedError('changed')
        await api.patchUser(userId, {
          app_metadata: { [marksKeyOf(now.account)]: withoutDecline(now.account, pair) },
        })
      })
      return {}
    },
  }
}

function withoutDecline(account: Account, pair: string): object {
  const { looked: _looked, declined, ...marks } = parseMarks(account)
  const { [pair]: _cleared, ...others } = declined ?? {}
  return { ...marks, declined: others }
}
