/**
 * Invitations: mails that tell people that the next login asks whether to link their accounts. Each address gets one for
 * each scan.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { decideGroup, type LinkPolicy, proofOfUsualLength } from '../../../core'
import type { Account } from '../../../lib/auth0/account'
import type { Delivery } from '../../../lib/mail/deliver'
import { sendInvitation } from '../../../lib/mail/invitation'
import type { MailServices } from '../../../lib/mail/services'
import { isLinkable } from '../groups/read-groups'
import { formatCounts } from '../progress'
import { CallError, type TenantCalls } from '../tenant/tenant-calls'
import type { JournalWriter } from './journal'
import { readAccount } from './remove-looked-mark'

const PROOF = proofOfUsualLength('operator')

/** The pause between two mails, in milliseconds. Mails go one after the other, so at most five are sent a second. */
const PAUSE_MS = 200
/** After this many mails in a row that the mail server did not accept, no more are tried in this run. */
const MOST_FAILURES = 10

/**
 * Results that are no failure of the mail server: it accepted the mail (`sent`) or refuses the address (`bounced`), or the
 * address already got as many mails today as we send (`limit`).
 */
const ANSWERED: readonly Delivery[] = ['sent', 'limit', 'bounced']

/** Outcomes after which the next run tries again to invite the person. */
export const TRIED_AGAIN: readonly string[] = ['mail_failed', 'limit']

/** What {@link Invitations} needs. */
interface InvitationServices {
  mails: MailServices
  calls: TenantCalls
  /** Gets a line before and after each mail. */
  journal: Pick<JournalWriter, 'write'>
  policy: LinkPolicy
  /** When the scan ran, in seconds since the epoch. */
  since: number
  /** Whether to send no further mail. */
  isStopped: () => boolean
}

/** Sends the invitations of one run of `ask`. */
export class Invitations {
  /** How many groups are done, by outcome. */
  readonly counts = new Map<string, number>()
  #failures = 0
  /** Resolves when the next mail may be sent. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly services: InvitationServices) {}

  /**
   * Invites the owner of a group, unless the rules of a login no longer let any of its accounts be linked. That is so if the
   * person declined, if an address is no longer verified, or if an account is blocked.
   *
   * @param key - Names the group.
   * @param ids - The user ids of its accounts.
   * @param read - Accounts that were read just now. The others are read here.
   */
  async invite(key: string, ids: string[], read: ReadonlyMap<string, Account>): Promise<void> {
    try {
      const accounts: Account[] = []
      for (const id of ids) {
        const account = read.get(id) ?? (await readAccount(this.services.calls, id))
        if (account) accounts.push(account)
      }
      await this.#inviteOwner(key, ids[0] ?? '', accounts)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      // Nothing is recorded, so that the next run tries again.
      this.#count(error.outcome)
    }
  }

  /** Prints how many people were invited, and how many were not and why. */
  report(): void {
    console.error(`Invitations: ${formatCounts(this.counts) || 'nothing left to do'}.`)
    if (this.#isOut)
      console.error(
        `The mail server did not take ${MOST_FAILURES} mails in a row, so no more were tried. Run the command again.`,
      )
  }

  get #isOut(): boolean {
    return this.#failures >= MOST_FAILURES
  }

  async #inviteOwner(key: string, first: string, accounts: Account[]): Promise<void> {
    const now = Math.floor(Date.now() / 1000)
    const terms = { policy: this.services.policy, now, proof: PROOF }
    const { stays, pairs } = await decideGroup(accounts, terms)
    const others = pairs.filter(isLinkable).map(({ secondary }) => secondary)
    const invited = [stays, ...others].flatMap((id) => accounts.find(({ user_id }) => user_id === id) ?? [])
    const to = invited[0]?.email
    if (to === undefined) return this.#refuse(key, first, pairs[0]?.outcome ?? 'not_available')
    const send = () => this.#send(key, first, to, invited)
    if (this.#isOut) return send()
    const mine = this.#turn.then(send)
    this.#turn = mine.catch(() => undefined).then(() => sleep(PAUSE_MS))
    await mine
  }

  async #send(key: string, primary: string, to: string, accounts: Account[]): Promise<void> {
    const { mails, journal, since, isStopped } = this.services
    if (isStopped()) return
    if (this.#isOut) return this.#count('mail_failed')
    const line = { act: 'invite', pair: key, primary } as const
    journal.write({ ...line, step: 'begun' })
    const delivery = await sendInvitation(mails, { id: `invite_${key}_${since}`, to, accounts })
    const isFailed = !ANSWERED.includes(delivery)
    this.#failures = isFailed ? this.#failures + 1 : 0
    if (delivery !== 'sent') return this.#refuse(key, primary, isFailed ? 'mail_failed' : delivery)
    journal.write({ ...line, step: 'invited' })
    this.#count('invited')
  }

  #refuse(key: string, primary: string, code: string): void {
    this.services.journal.write({ act: 'invite', pair: key, primary, step: 'refused', code })
    this.#count(code)
  }

  #count(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1)
  }
}
