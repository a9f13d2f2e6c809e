import 'server-only'
import { hash12, marksKeyOf, parseEnding, parseMarks } from '../../../core'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import { endAccessAfterUnlink, planEnding } from '../../sign-in-methods/end-sessions/end-access'
import { withAccountLock } from '../../sign-in-methods/with-account-lock'
import type { PlanAct } from './plan'

/**
 * Plans to end all tenant sessions and refresh tokens of an account. If some of them cannot be ended at once, a note in the account's
 * `app_metadata` lets later logins end the rest.
 */
export const planEndSessions: PlanAct = async (services, api, userId) => {
  const { user_id: id } = await api.getUser(userId)
  return {
    effects: [
      `All sessions of ${id} at the tenant end, and its refresh tokens are revoked.`,
      'Access tokens that applications hold stay valid until they expire.',
    ],
    digest: await hash12(`end-sessions ${id}`),
    async carryOut() {
      const ending = await withAccountLock(services, [userId], async () => {
        const account = await api.getUser(userId)
        if (parseEnding(account)) throw new SettingsRefusedError('busy')
        const planned = await planEnding(services, [userId], api.tenantNow() + 1, [])
        if (!planned) throw new SettingsRefusedError('missing_scope')
        const marks = { ...parseMarks(account), ending: planned }
        await api.patchUser(userId, { app_metadata: { [marksKeyOf(account)]: marks } })
        return planned
      })
      await endAccessAfterUnlink(services, userId, ending)
      return {}
    },
  }
}
