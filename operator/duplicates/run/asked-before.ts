/**
 * What earlier runs of `ask` did since the last scan.
 * @module
 */
import type { Folder } from '../folder'
import { readLines } from '../lines'
import { TRIED_AGAIN } from './invitations'
import { type JournalLine, parseJournalLine } from './journal-state'

/** The accounts and groups that are done. */
export interface AskedBefore {
  /** By user id: whether the account's owner is asked at the next login. False if `ask` refused the account. */
  accounts: Map<string, boolean>
  /** Keys of the groups that need no further invitation: the person was invited, or the invitation was refused for good. */
  invited: Set<string>
}

/**
 * Reads what earlier runs of `ask` did. After a new scan, all accounts are handled again.
 *
 * @param since - When the scan ran, in seconds since the epoch.
 */
export async function askedBefore({ journal }: Folder, since: number): Promise<AskedBefore> {
  const accounts = new Map<string, boolean>()
  const invited = new Set<string>()
  for await (const text of readLines(journal)) {
    const line = parseJournalLine(text)
    if (!line || Date.parse(line.at) < since * 1000) continue
    if (line.act === 'ask') accounts.set(line.pair, line.step === 'asked')
    if (line.act === 'invite' && isInvitationDone(line)) invited.add(line.pair)
  }
  return { accounts, invited }
}

/** Whether an invitation was sent or refused for good. If it was only begun, the mail may not have been sent. */
const isInvitationDone = ({ step, code = '' }: JournalLine): boolean =>
  step === 'invited' || (step === 'refused' && !TRIED_AGAIN.includes(code))
