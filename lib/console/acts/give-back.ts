import 'server-only'
import { type BothKinds, hasField, hash12, mapMetadataKinds, pickBy } from '../../../core'
import { ManagementApiError } from '../../auth0/management-api-error'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import { readWithheldMetadata } from '../../sign-in-methods/repair/withheld-metadata'
import { withAccountLock } from '../../sign-in-methods/with-account-lock'
import { named, type PlanAct } from './plan'

/**
 * Plans to restore metadata that an earlier restore withheld from an account. A field that the account has by now is newer and
 * stays as it is.
 */
export const planGiveBackWithheld: PlanAct = async (services, api, userId, key) => {
  const read = async () => {
    const keeper = await api.getUser(userId)
    const value = keeper.app_metadata[key]
    const { user_id: owner } = Object(value)
    if (typeof owner !== 'string') throw new SettingsRefusedError('not_available')
    const account = await api.getUser(owner).catch((error: unknown) => {
      if (error instanceof ManagementApiError && error.code === 'not_found')
        throw new SettingsRefusedError('not_available')
      throw error
    })
    const held = readWithheldMetadata(value)
    const give = mapMetadataKinds((kind) => pickBy(held[kind], (name) => !hasField(account[kind], name)))
    return { owner, give, digest: await hash12(JSON.stringify([owner, value, give])) }
  }
  const { owner, give, digest } = await read()
  const names = namesOf(give)
  return {
    effects: [
      names.length > 0
        ? `${owner} gets: ${named(names)}.`
        : `${owner} has all of it by now, and gets nothing.`,
      `${userId} no longer keeps them.`,
    ],
    digest,
    async carryOut() {
      await withAccountLock(services, [userId, owner], async () => {
        const now = await read()
        if (now.digest !== digest) throw new SettingsRefusedError('changed')
        const patch = Object.entries(now.give).filter(([, fields]) => Object.keys(fields).length > 0)
        // The withheld copy is deleted only after the owner has the metadata.
        if (patch.length > 0) await api.patchUser(owner, Object.fromEntries(patch))
        await api.patchUser(userId, { app_metadata: { [key]: null } })
      })
      return {}
    },
  }
}

const namesOf = (give: BothKinds): string[] => [
  ...Object.keys(give.user_metadata).map((name) => `user_metadata.${name}`),
  ...Object.keys(give.app_metadata).map((name) => `app_metadata.${name}`),
]
