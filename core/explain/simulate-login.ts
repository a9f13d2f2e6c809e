/**
 * Simulates a login and explains step by step what the Action would check and do. It uses the Action's own rules, redirects no
 * one and writes nothing.
 * @module
 */
import {
  decideOffer,
  declineExpiry,
  findUser,
  isLookedAt,
  type LinkingUser,
  type LinkPolicy,
  type LinkRefusal,
  type LOGIN_OPTIONS,
  lookupMarkHash,
  NEVER,
  type OptionValues,
  proofOfUsualLength,
  type RightsCalls,
  readRightsForOffer,
  selectCandidates,
} from '..'
import { ACCOUNT_CHECKS } from '../rules/checks'
import { lossInWords, rightsInWords } from './rights-in-words'

const PROOF = proofOfUsualLength('login')
/** Explanations of some refusals for the operator. */
const REFUSAL_WORDS: Partial<Record<LinkRefusal, string>> = {
  metadata_too_large:
    ' The metadata of the account that would end, or the profile of both together, is too large to be kept.',
  rights_unread: ' A scope is missing to read what they hold.',
  rights_too_many: ' Together they hold more than one account can, or than can be kept.',
  busy: ' One of them is still restoring metadata. That is over within an hour.',
}

/** The question for each check of the account, and the answers if the account passes the check and if it does not. */
const ACCOUNT_WORDS: Record<
  keyof typeof ACCOUNT_CHECKS,
  (user: LinkingUser) => { question: string; passed: string; stopped: string }
> = {
  unverified: ({ email }) => ({
    question: 'Does the account have a verified email address?',
    passed: 'Yes.',
    stopped: email ? 'No: it is not verified.' : 'No: it has no address.',
  }),
  untrustedConnection: ({ identities: [first] }) => {
    const connection = first ? `${first.provider}, ${first.connection}` : 'none'
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

/** The Action's settings that a simulated login depends on. */
export interface SimulatedSettings extends Pick<OptionValues<typeof LOGIN_OPTIONS>, 'mode' | 'markLife'> {
  policy: LinkPolicy
}

/** One check of the Action, as a question, and its result. */
export interface Step {
  question: string
  answer: string
}

/**
 * Simulates a login as the Action would run it, until it ends or redirects the person to the service.
 *
 * @param user - The user who logs in. The simulated login uses the user's first identity and no organization.
 * @param found - Every account with the same email address, perhaps including the user's own.
 * @param settings - The Action's settings.
 * @param now - Seconds since the epoch.
 * @param api - Reads the rights (roles, permissions, memberships, factors) of the user and of the candidates.
 * @throws What `api` throws.
 */
export async function simulateLogin(
  user: LinkingUser,
  found: LinkingUser[],
  { mode, policy, markLife }: SimulatedSettings,
  now: number,
  api: RightsCalls,
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
  const isKnown = isLookedAt(user, await lookupMarkHash(user, policy), now, markLife)
  if (!ask('Does the Action look for other accounts?', !isKnown, 'Yes.', 'No: it has already looked.'))
    return steps

  const unread = findUser(found, user.user_id) ?? user
  const read = await readOffered(
    api,
    unread,
    found.filter((other) => !hasFactor(other)),
    policy,
    now,
  )
  const fresh = findUser(read, user.user_id) ?? unread
  for (const other of found.filter(({ user_id: id }) => id !== user.user_id)) {
    const answer = await verdict(fresh, findUser(read, other.user_id) ?? other, policy, now)
    steps.push({ question: `May ${other.user_id} be linked?`, answer: hasFactor(other) ? factor : answer })
  }
  const { candidates } = await selectCandidates(fresh, read, policy, now, PROOF)
  for (const { user_id, stays } of candidates) {
    const pair = [fresh, findUser(read, user_id) ?? fresh] as const
    const [primary, secondary] = stays === 'current' ? pair : ([pair[1], pair[0]] as const)
    steps.push({
      question: `What becomes of what ${secondary.user_id} holds?`,
      answer: await rightsInWords(api, primary, secondary, policy, now),
    })
  }
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

/** Reads the rights of the user and of the candidates, as the Action does. Reads nothing if there is no candidate. */
async function readOffered(
  api: RightsCalls,
  user: LinkingUser,
  open: LinkingUser[],
  policy: LinkPolicy,
  now: number,
): Promise<LinkingUser[]> {
  const { candidates } = await selectCandidates(user, open, policy, now, PROOF)
  const isCandidate = ({ user_id: id }: LinkingUser) => candidates.some((each) => each.user_id === id)
  const others = open.filter(isCandidate)
  if (others.length === 0) return open
  const rest = open.filter((other) => other.user_id !== user.user_id && !isCandidate(other))
  return [...(await readRightsForOffer(api, [user, ...others], policy)), ...rest]
}

async function verdict(
  current: LinkingUser,
  other: LinkingUser,
  policy: LinkPolicy,
  now: number,
): Promise<string> {
  const { stays, reason } = await decideOffer(current, other, policy, now, PROOF)
  if (!stays) return `No: ${reason}.${REFUSAL_WORDS[reason] ?? lossInWords(reason, current, other)}`
  if (stays === 'candidate' && other.user_id.length > 128)
    return 'No: a login cannot be switched to an id of more than 128 characters.'
  const lapse = await declineExpiry(current, other)
  if (lapse > now)
    return lapse === NEVER
      ? 'Not now: declined permanently.'
      : `Not now: declined until ${new Date(lapse * 1000).toISOString()}.`
  return `Yes: ${stays === 'current' ? current.user_id : other.user_id} would be the primary account.`
}
