import 'server-only'
import { hasIdentity, isReserved, parseSnapshot, type Snapshot, snapshotKeyOf } from '../../core'
import type { Account } from '../auth0/account'

/** A snapshot, which is what a link keeps of the secondary account, and its key in `app_metadata`. */
export interface StoredSnapshot {
  key: string
  snapshot: Snapshot
}

/** Every valid snapshot of an account. */
export async function readSnapshots(account: Account): Promise<StoredSnapshot[]> {
  const found: StoredSnapshot[] = []
  for (const [key, value] of Object.entries(account.app_metadata)) {
    const snapshot = isReserved(key) ? parseSnapshot(value) : undefined
    // A snapshot stored under another identity's key would restore someone else's metadata.
    if (snapshot && key.replace(/_+$/, '') === (await snapshotKeyOf(snapshot.user_id)))
      found.push({ key, snapshot })
  }
  return found
}

/** The snapshots of current links: those whose identity is part of the account. */
export async function linkedSnapshots(account: Account): Promise<StoredSnapshot[]> {
  return (await readSnapshots(account)).filter(({ snapshot }) => hasIdentity(account, snapshot.user_id))
}

/** The snapshot of one identity, if there is one. The identity may no longer be part of the account. */
export async function snapshotOf(account: Account, userId: string): Promise<StoredSnapshot | undefined> {
  return (await readSnapshots(account)).find(({ snapshot }) => snapshot.user_id === userId)
}
