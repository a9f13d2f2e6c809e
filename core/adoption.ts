/**
 * Adoption: an application moves its own data from the secondary account to the primary one. The application is asked before the
 * link, and is told afterwards whether the link was made.
 * @module
 */

import { hasIdentity, type LinkingUser, type Metadata } from './identity'
import type { RightsSteps } from './link-rights'
import { isReserved } from './records/own-keys'
import { type LinkProof, parseSnapshot, type Snapshot } from './records/snapshot'

/** How long the application may take to respond to a `prepare`, in milliseconds. */
export const PREPARE_MS = 3_000
/** How long one attempt to send a `commit` or an `abandon` may take, in milliseconds. */
export const SETTLE_MS = 2_000
/** How long a `prepare` is valid if neither `commit` nor `abandon` follows, in milliseconds. */
const PREPARED_MS = 15 * 60_000

/** `prepare` asks the application whether the link may be made. `commit` says that it was made, `abandon` that it was not. */
export type AdoptionStep = 'prepare' | 'commit' | 'abandon'

/** The data that each step sends to the application: whose data to move, and because of which link. */
export interface AdoptionData {
  /** Identifies one link with all its retries, or one undo. */
  adoption_id: string
  primary_user_id: string
  secondary_user_id: string
  way: string
  client_id: string
  /** Set if someone else made or undid the link, for example in Auth0's dashboard: then there was no `prepare`. */
  foreign?: true
  /** Set if a link is undone: the data goes back to the secondary account. */
  undo?: true
  /** The `adoption_id` of the link that is undone. */
  undoes?: string
}

/**
 * Sends one step to the application, once.
 *
 * @returns Whether the application accepted it. Never throws.
 */
export type SendAdoption = (step: AdoptionStep, data: AdoptionData) => Promise<boolean>

/** The message that sends one step. */
export interface AdoptionMessage {
  /** The `webhook-id`. It is the same in every attempt to send the step. */
  id: string
  /** JSON text. */
  body: string
}

/**
 * Makes the message that sends one step.
 *
 * @param now - When it is sent.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure Standard Webhooks, payload structure}
 */
export function toAdoptionMessage(step: AdoptionStep, data: AdoptionData, now: Date): AdoptionMessage {
  const type = `account.adoption.${step}`
  const expires = step === 'prepare' && { expires_at: new Date(now.getTime() + PREPARED_MS) }
  const body = JSON.stringify({ type, timestamp: now, data: { ...data, ...expires } })
  return { id: `${data.adoption_id}.${type}`, body }
}

/** An adoption that has not ended. The snapshot (what a link keeps of the secondary account) of its link records it. */
interface OpenAdoption {
  /** The `app_metadata` key of the snapshot. */
  key: string
  stored: object
  snapshot: Snapshot
  id: string
}

function openAdoptionsIn(appMetadata: Metadata): OpenAdoption[] {
  return Object.entries(appMetadata).flatMap(([key, stored]) => {
    const snapshot = isReserved(key) ? parseSnapshot(stored) : undefined
    const { id, ended } = snapshot?.adoption ?? {}
    return snapshot && id && !ended ? [{ key, stored: stored as object, snapshot, id }] : []
  })
}

/** The fields of an account that say which adoptions are open. */
type Adopter = Pick<LinkingUser, 'user_id' | 'identities' | 'app_metadata'>

/** The adoptions of links that were made, and whose `commit` the application has not confirmed. */
export const openCommits = (user: Adopter): OpenAdoption[] =>
  openAdoptionsIn(user.app_metadata).filter(
    ({ snapshot }) => !snapshot.returning && hasIdentity(user, snapshot.user_id),
  )

/** The data to send for an adoption that a snapshot records. */
const dataOf = (primaryId: string, { id, snapshot }: OpenAdoption): AdoptionData =>
  toAdoptionData(id, primaryId, snapshot.user_id, snapshot.proof)

/** The data to send for a link. */
export const toAdoptionData = (
  id: string,
  primaryId: string,
  secondaryId: string,
  { way, client_id }: Pick<LinkProof, 'way' | 'client_id'>,
): AdoptionData => ({
  adoption_id: id,
  primary_user_id: primaryId,
  secondary_user_id: secondaryId,
  way,
  client_id,
  // `FOREIGN_WAY` of lib/sign-in-methods/link-proof.ts. The Action has no room for a constant.
  ...(way === 'foreign' && { foreign: true }),
})

type Patch = (userId: string, body: { app_metadata: Metadata }) => Promise<unknown>

/** Records in the snapshot how the adoption ended: the application confirmed the commit, or the link was not made. */
const noteEnd = (
  patch: Patch,
  primaryId: string,
  { key, stored, id }: OpenAdoption,
  ended: 'committed' | 'abandoned',
) => patch(primaryId, { app_metadata: { [key]: { ...stored, adoption: { id, ended } } } })

/**
 * Adds the application to the steps around a link: it is asked before the rights (roles, permissions, memberships) are given, and
 * told if the link was not made. If the snapshot records no adoption, the result is `rights` unchanged.
 *
 * @param primary - The primary account.
 * @param written - The `app_metadata` that the link writes to the primary account, including the snapshot.
 * @param rights - The steps that move rights.
 * @param send - Sends a step; undefined if no application is to be asked.
 * @param patch - Merges `app_metadata` into a user.
 */
export function adoptionSteps(
  { user_id: primaryId }: Pick<LinkingUser, 'user_id'>,
  written: Metadata,
  rights: RightsSteps,
  send: SendAdoption | undefined,
  patch: Patch,
): RightsSteps {
  const [adoption] = openAdoptionsIn(written)
  if (!send || !adoption) return rights
  const data = dataOf(primaryId, adoption)
  let mayHaveGiven = false
  return {
    async beforeLink() {
      if (!(await send('prepare', data))) return 'adoption_refused'
      mayHaveGiven = true
      return rights.beforeLink()
    },
    async ifNotLinked() {
      await Promise.allSettled([
        mayHaveGiven && rights.ifNotLinked(),
        // Ends this adoption, so that the next attempt gets a new id. A lost `abandon` does no harm: a `prepare` expires by itself.
        send('abandon', data).then(() => noteEnd(patch, primaryId, adoption, 'abandoned')),
      ])
    },
  }
}

/**
 * Sends a `commit` for each link of an account that the application has not confirmed, and records those that it confirms now.
 *
 * @param read - Reads the account; called again before anything is recorded.
 * @throws What `read` and `patch` throw. A `commit` whose confirmation was not recorded is sent again later.
 */
export async function commitAdoptions(
  read: () => Promise<Adopter>,
  send: SendAdoption,
  patch: Patch,
): Promise<void> {
  const user = await read()
  const confirmed: string[] = []
  for (const open of openCommits(user))
    if (await send('commit', dataOf(user.user_id, open))) confirmed.push(open.id)
  if (confirmed.length === 0) return
  for (const open of openCommits(await read()))
    if (confirmed.includes(open.id)) await noteEnd(patch, user.user_id, open, 'committed')
}
