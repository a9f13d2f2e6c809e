/**
 * Adoption: an application moves its own data from the account that ends to the one that stays. It is asked before the link, and
 * told afterwards whether the link was made.
 * @module
 */

import { holds, type LinkingUser, type Metadata } from './identity'
import type { RightsSteps } from './link-rights'
import { isReserved } from './records/own-keys'
import { type LinkProof, parseSnapshot, type Snapshot } from './records/snapshot'

/** How long the application may take for a `prepare`, in milliseconds. */
export const PREPARE_MS = 3_000
/** How long one attempt to send a `commit` or an `abandon` may take, in milliseconds. */
export const SETTLE_MS = 2_000
/** How long a `prepare` holds if nothing follows it, in milliseconds. */
const PREPARED_MS = 15 * 60_000

/** What the application is asked or told: whether the link may be made, that it was made, or that it was not. */
export type AdoptionStep = 'prepare' | 'commit' | 'abandon'

/** Whose data is meant, as the application gets it. */
export interface AdoptionData {
  /** One link with all its retries, or one undo. */
  adoption_id: string
  primary_user_id: string
  secondary_user_id: string
  way: string
  client_id: string
  /** Set if a link is undone: the data goes back to the second account. */
  undo?: true
  /** The `adoption_id` of the link that is undone. */
  undoes?: string
}

/**
 * Sends one step, once.
 *
 * @returns Whether the application took it. Never throws.
 */
export type SendAdoption = (step: AdoptionStep, data: AdoptionData) => Promise<boolean>

/** One step as it is sent. */
export interface AdoptionMessage {
  /** The same in every attempt to send the step: its `webhook-id`. */
  id: string
  /** JSON. */
  body: string
}

/**
 * One step as it is sent.
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

/** An adoption that an account notes in a snapshot, and that has not ended. */
interface OpenAdoption {
  /** Of the snapshot. */
  key: string
  stored: object
  snapshot: Snapshot
  id: string
}

function openAdoptionsIn(appMetadata: Metadata): OpenAdoption[] {
  return Object.entries(appMetadata).flatMap(([key, stored]) => {
    const snapshot = isReserved(key) ? parseSnapshot(stored) : undefined
    const { adoption } = snapshot ?? {}
    return snapshot && adoption && !adoption.ended
      ? [{ key, stored: stored as object, snapshot, id: adoption.id }]
      : []
  })
}

/** What of an account says which adoptions are open. */
type Adopter = Pick<LinkingUser, 'user_id' | 'identities' | 'app_metadata'>

/** The adoptions of links that are made, of which the application has not confirmed that it knows. */
export const openCommits = (user: Adopter): OpenAdoption[] =>
  openAdoptionsIn(user.app_metadata).filter(
    ({ snapshot }) => !snapshot.returning && holds(user, snapshot.user_id),
  )

/** Whose data a link concerns, by its snapshot. */
const dataOf = (primaryId: string, { id, snapshot }: OpenAdoption): AdoptionData =>
  toAdoptionData(id, primaryId, snapshot.user_id, snapshot.proof)

/** Whose data a link concerns. */
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
})

type Patch = (userId: string, body: { app_metadata: Metadata }) => Promise<unknown>

/** Notes in a snapshot how its adoption ended: the commit is confirmed, or there was no link. */
const noteEnd = (
  patch: Patch,
  primaryId: string,
  { key, stored, id }: OpenAdoption,
  ended: 'committed' | 'abandoned',
) => patch(primaryId, { app_metadata: { [key]: { ...stored, adoption: { id, ended } } } })

/**
 * Adds the application to what is done around a link: asks it before rights are given, and tells it if nothing was linked. Without an
 * adoption in the snapshot it adds nothing.
 *
 * @param primary - The account that stays.
 * @param written - What is written to it, with the snapshot.
 * @param rights - What is done with rights.
 * @param send - Sends a step; undefined if no application is asked.
 * @param patch - Merges into a user.
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
      const abandon = async () => {
        await send('abandon', data)
        // The next attempt is another adoption. An abandon that was lost does no harm: a prepare ends by itself.
        await noteEnd(patch, primaryId, adoption, 'abandoned')
      }
      await Promise.allSettled([mayHaveGiven && rights.ifNotLinked(), abandon()])
    },
  }
}

/**
 * Tells the application of the links of an account that it has not confirmed, and notes those that it confirms now.
 *
 * @param read - Reads the account; called again before anything is noted.
 * @throws What `read` and `patch` throw: what is not noted is sent again.
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
