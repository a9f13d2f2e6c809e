import 'server-only'
import { z } from 'zod'
import type { Account } from '../auth0/account'
import { holds, MARKS_KEY, type Snapshot, snapshotKeyOf } from '../linking'
import { Seconds } from './seconds'

const Fields = z.record(z.string(), z.unknown())
const Names = z.array(z.string())
const both = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({ user_metadata: shape, app_metadata: shape })

// Any program with the right scope can write metadata, so what stands there is checked before it is used.
const SnapshotShape = z.object({
  at: Seconds,
  user_id: z.string(),
  proof: z.object({
    way: z.string(),
    client_id: z.string(),
    client_name: z.string().optional(),
  }),
  own: z.string().optional(),
  kept: both(Fields).optional(),
  carried: both(Names).optional(),
  returning: z.object({ at: Seconds, undo: z.boolean(), remove: z.boolean().optional() }).optional(),
})

/** A snapshot and the key it stands under. */
export interface StoredSnapshot {
  key: string
  snapshot: Snapshot
}

/** Every snapshot of an account that is one. */
export async function readSnapshots({ app_metadata }: Account): Promise<StoredSnapshot[]> {
  const found: StoredSnapshot[] = []
  for (const [key, value] of Object.entries(app_metadata)) {
    if (!key.startsWith(`${MARKS_KEY}_`)) continue
    const { data } = SnapshotShape.safeParse(value)
    // One that was moved under another identity's name would give it what is not its own.
    if (data && key === (await snapshotKeyOf(data.user_id))) found.push({ key, snapshot: data })
  }
  return found
}

/** The snapshots whose identity stands in the account: only those tell of a link. */
export async function linkedSnapshots(account: Account): Promise<StoredSnapshot[]> {
  return (await readSnapshots(account)).filter(({ snapshot }) => holds(account, snapshot.user_id))
}

/** The snapshot of one identity, where there is one. */
export async function snapshotOf(account: Account, userId: string): Promise<StoredSnapshot | undefined> {
  return (await readSnapshots(account)).find(({ snapshot }) => snapshot.user_id === userId)
}
