/**
 * Unlinks an identity from an account for its owner, with the same plan and the same writes as on the page "Sign-in methods".
 * @module
 */
import 'server-only'
import { hash12, namesOfRights, type RightIds } from '../../../core'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import { type DisconnectPlan, planTakingOut } from '../../sign-in-methods/disconnect/disconnect-plan'
import { emitDisconnected, unlinkAndRestore } from '../../sign-in-methods/disconnect/take-apart'
import { endAccessAfterUnlink } from '../../sign-in-methods/end-sessions/end-access'
import { withAccountLock } from '../../sign-in-methods/with-account-lock'
import { named, type PlanAct } from './plan'

/** Plans to undo a link, or to disconnect an identity. */
export const planTakeOut =
  (isUndo: boolean): PlanAct =>
  async (services, api, userId, identityId) => {
    const handle = await hash12(identityId)
    const read = async (): Promise<DisconnectPlan> => {
      const plan = await planTakingOut(services, api, await api.getUser(userId), { handle, isUndo })
      // The identity may have been unlinked by now, or the time for an undo may be over.
      if (plan?.isUndo !== isUndo) throw new SettingsRefusedError('not_linked')
      return plan
    }
    const shown = await read()
    return {
      effects: effectsOf(shown),
      digest: shown.digest,
      async carryOut() {
        const done = await withAccountLock(services, [userId, identityId], async () => {
          const plan = await read()
          if (plan.digest !== shown.digest) throw new SettingsRefusedError('changed')
          return unlinkAndRestore(services, api, plan, { by: undefined, sid: undefined }, false)
        })
        emitDisconnected(services, done)
        if (done.ending) await endAccessAfterUnlink(services, userId, done.ending, done.noteBefore)
        return {}
      },
    }
  }

function effectsOf({ account, identity, isUndo, fields, rights }: DisconnectPlan): string[] {
  const { give, take, changed, heldBack } = fields
  const keys = (both: { user_metadata: object; app_metadata: object }) => [
    ...Object.keys(both.user_metadata),
    ...Object.keys(both.app_metadata),
  ]
  const line = (names: readonly string[], words: string) =>
    names.length > 0 ? [`${words}: ${named(names)}.`] : []
  const rightsIn = (ids: RightIds) => Object.values(namesOfRights({ rights: rights.names }, ids)).flat()
  return [
    `${identity.user_id} leaves ${account.user_id} and is an account of its own again.`,
    ...(isUndo ? [] : ['The link is not undone: what the operator’s rules do not give back is withheld.']),
    ...line(keys(give), 'It gets back'),
    ...line([...take.user_metadata, ...take.app_metadata], `${account.user_id} loses`),
    ...line(changed, 'Changed since, so it stays'),
    ...line(keys(heldBack), 'Withheld'),
    ...line(rightsIn(rights.give), 'It gets back the rights'),
    ...line(rightsIn(rights.take), `${account.user_id} loses the rights`),
    ...line(rightsIn(rights.withheld), 'Rights that are withheld'),
    'All sessions of both accounts end.',
  ]
}
