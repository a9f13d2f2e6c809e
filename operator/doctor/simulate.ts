/**
 * Simulates a login and explains it step by step: what the Action would check, with the same rules that it runs, and
 * what it would do. No one is redirected, and nothing is written.
 * @module
 */
import type { Settings } from '../../action/settings'
import {
  decideOffer,
  findUser,
  isLookedAt,
  type LinkingUser,
  type LinkPolicy,
  type LinkProof,
  type LinkRefusal,
  lapseOf,
  lookedKey,
  NEVER,
  selectCandidates,
} from '../../core'
import { ACCOUNT_CHECKS } from '../../core/rules/checks'

/**
 * The proof as a snapshot would hold it, for an application with a name of usual length: the size of a snapshot counts.
 */
const PROOF: LinkProof = { way: 'login', client_id: 'x'.repeat(32), client_name: 'x'.repeat(30) }
/** What an operator can do about a refusal. */
const REFUSAL_WORDS: Partial<Record<LinkRefusal, string>> = {
  metadata_too_large:
    ' The metadata of the account that would end, or the profile of both together, is too large to be kept.',
  busy: ' One of them is still restoring metadata. That is over within an hour.',
}

/** What is asked about each check of the account, and the answers if it passed and if it did not. */
const ACCOUNT_WORDS: Record<
  keyof typeof ACCOUNT_CHECKS,
  (user: LinkingUser) => { question: string; passed: string; stopped: string }
> = {
  unverified: ({ email }) => ({
    question: 'Does the account have a verified email address?',
    passed: 'Yes.',
    stopped: email ? 'No: it is not verified.' : 'No: it has no address.',
  }),
  untrustedConnection: ({ identities: [own] }) => {
    const connection = own ? `${own.provider}, ${own.connection}` : 'none'
    return {
      question: 'Is the connection trusted?',
      passed: `Yes: ${connection}.`,
      stopped: `No: ${connection}.`,
    }
  },
  restricted: () => ({
    question: 'Is it kept from being linked?',
    passed: 'No.',
    stopped: 'Yes: restricted, by a key of its app_metadata.',
  }),
}

/** One check of the Action, and its result. */
export interface Step {
  question: string
  answer: string
}

/**
 * Simulates a login as the Action would run it, until it ends or redirects the person to the service.
 *
 * @param user - The user who logs in, with their own identity, by the tenant's login and without an organization.
 * @param found - Every account with the same email address, perhaps including the user's own.
 * @param settings - Of the Action.
 * @param now - Seconds since the epoch.
 */
export async function simulate(
  user: LinkingUser,
  found: LinkingUser[],
  { mode, policy, markLife }: Settings,
  now: number,
): Promise<Step[]> {
  const steps: Step[] = []
  const ask = (question: string, isPassed: boolean, passed: string, stopped: string) => {
    steps.push({ question, answer: isPassed ? passed : `${stopped} The login continues without a prompt.` })
    return isPassed
  }
  const isOn = ['offer', 'observe'].includes(mode)
  if (!ask('Is the Action turned on?', isOn, `Yes: ${mode}.`, `No: ${mode}.`)) return steps
  const hasFactor = ({ multifactor }: LinkingUser) => Boolean(multifactor?.length)
  const factor =
    'It has a second factor: offered only if it was used before the Action runs, otherwise left to the page.'
  if (!ask('Does it have a second factor?', !hasFactor(user), 'No.', factor)) return steps
  for (const name of Object.keys(ACCOUNT_CHECKS) as (keyof typeof ACCOUNT_CHECKS)[]) {
    const { question, passed, stopped } = ACCOUNT_WORDS[name](user)
    const isStopped = ACCOUNT_CHECKS[name].ofEither?.(user, { policy }) ?? false
    if (!ask(question, !isStopped, passed, stopped)) return steps
  }
  const isKnown = isLookedAt(user, await lookedKey(user, policy), now, markLife)
  if (!ask('Does the Action look for other accounts?', !isKnown, 'Yes.', 'No: it has already looked.'))
    return steps

  const fresh = findUser(found, user.user_id) ?? user
  for (const other of found.filter(({ user_id: id }) => id !== user.user_id))
    steps.push({
      question: `May ${other.user_id} be linked?`,
      answer: hasFactor(other) ? factor : await verdict(fresh, other, policy, now),
    })
  const open = found.filter((other) => !hasFactor(other))
  const { candidates } = await selectCandidates(fresh, open, policy, now, PROOF)
  const offered = candidates.map(({ user_id: id }) => id).join(', ')
  const isOffered = ask('Is an account offered?', offered !== '', `Yes: ${offered}.`, 'No.')
  if (isOffered)
    steps.push({
      question: 'What happens?',
      answer:
        mode === 'observe'
          ? 'The Action logs would_offer. The login continues without a prompt.'
          : 'The Action redirects the person to the service, which asks if it offers links at that time.',
    })
  return steps
}

async function verdict(
  current: LinkingUser,
  other: LinkingUser,
  policy: LinkPolicy,
  now: number,
): Promise<string> {
  const { stays, reason } = await decideOffer(current, other, policy, now, PROOF)
  if (!stays) return `No: ${reason}.${REFUSAL_WORDS[reason] ?? ''}`
  if (stays === 'candidate' && other.user_id.length > 128)
    return 'No: a login cannot be switched to an id of more than 128 characters.'
  const lapse = await lapseOf(current, other)
  if (lapse > now)
    return lapse === NEVER
      ? 'Not now: declined permanently.'
      : `Not now: declined until ${new Date(lapse * 1000).toISOString()}.`
  return `Yes: ${stays === 'current' ? current.user_id : other.user_id} would be the primary account.`
}
