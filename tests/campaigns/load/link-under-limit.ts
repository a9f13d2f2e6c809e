/**
 * Many people link at the same moment in a tenant that allows only a few calls a second.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Visit } from '../../support/browser/browser'
import { FlowBrowser } from '../../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, type Flow } from '../../support/flow/flow'
import type { LedgerCall, WorldUser } from '../../support/flow/tenant'

/** The tenant's limit during the test. */
export const LIMIT = { burst: 10, per_second: 10 }

/** The results of all logins. */
export interface LoadReport {
  /** Logins that ended signed in to the right account. */
  completed: number
  /** Logins that ended in any other way. */
  lost: number
  /** People whose two accounts exactly one call has linked. */
  linkedOnce: number
  /** People who still have two accounts, and whose Google account notes the reason. */
  notLinkedAndNoted: number
  /** People whom the service told that it cannot link right now, and who continued without linking. */
  toldAndWentOn: number
  /** People who still have two accounts, without a note or a message. */
  notNoted: number
  /** People for whom more than one call linked. */
  doubled: number
  /** People who were not linked, and were asked again at the next login. */
  askedAgain: number
  /** People who were linked, and signed in to the one account at the next login without a prompt. */
  knownAgain: number
  /** People who have lost metadata. */
  metadataLost: number
  /** Time from the press to the end in milliseconds: the median and the slowest. */
  median: number
  slowest: number
  /** Calls of the Management API under the limit, and how many of them the limit refused. */
  calls: number
  turnedAway: number
  /** Refused requests that would have ended sessions on other devices: those sessions continue. */
  notEnded: number
  /** How often each reason was noted or shown. */
  reasons: Record<string, number>
  /** How the lost logins ended, with counts. */
  ends: Record<string, number>
  /**
   * People who ended in the right account, linked once or with a reason noted or shown, whose next login agrees with
   * that, and who lost no metadata. And all others.
   */
  passed: number
  failed: number
}

/** How many browsers work at the same time outside the measurement. */
const AT_A_TIME = 4
/** The most sign-ins of one person for one step. The Action does not look for 30 s after a slow answer of the service. */
const MAX_ATTEMPTS = 60

interface Person {
  email: string
  password: string
  google: string
  browser: FlowBrowser
}

/**
 * Takes people to the confirmation, sets the limit, lets all of them press "Link accounts" at once, lifts the limit, and
 * lets each of them sign in again.
 *
 * @param flow - Its tenant is reset to a world of these people.
 * @param logins - The number of people.
 * @param say - Receives lines of progress.
 */
export async function linkUnderLimit(
  flow: Flow,
  logins: number,
  say: (line: string) => void = () => {},
): Promise<LoadReport> {
  const { tenant } = flow
  const people = Array.from({ length: logins }, (_unused, index) => personOf(index))
  await tenant.reset({ users: people.flatMap(accountsOf) })
  say(`${logins} people sign in and prove their other account …`)
  const confirms = await inGroups(people, (person) => atConfirm(flow, person))
  say('each of them opens the confirmation again, because its answer is valid for two minutes …')
  const questions = await inGroups(people, ({ browser }, index) =>
    browser.visit((confirms[index] as Visit).url),
  )

  await tenant.options({ rate_limit: LIMIT })
  const since = (await tenant.ledger()).length
  say('all of them press …')
  const ends = await Promise.all(
    people.map((person, index) => press(person.browser, questions[index] as Visit)),
  )
  const ledger = (await tenant.ledger()).slice(since)
  await tenant.options({ rate_limit: null })
  const { users } = await tenant.world()

  say('each of them signs in again …')
  const again = await inGroups(people, (person) => signInAgain(flow, person))
  return reportOn(
    people.map((person, index) => ({ person, end: ends[index] as End, again: again[index] as Visit })),
    users,
    ledger,
  )
}

function personOf(index: number): Person {
  const id = `person-${index}`
  return {
    email: `${id}@example.com`,
    password: `auth0|${id}`,
    google: `google-oauth2|${id}-g`,
    browser: new FlowBrowser(),
  }
}

/** An older password account, and a Google account. */
function accountsOf({ email, password, google }: Person): object[] {
  const common = { email, email_verified: true, name: email }
  const idOf = (userId: string) => userId.slice(userId.indexOf('|') + 1)
  return [
    {
      ...common,
      user_id: password,
      created_at: '2023-06-01T09:00:00.000Z',
      user_metadata: { theme: `${email}: dark` },
      identities: [
        { provider: 'auth0', user_id: idOf(password), connection: 'Username-Password-Authentication' },
      ],
    },
    {
      ...common,
      user_id: google,
      created_at: '2025-02-01T09:00:00.000Z',
      user_metadata: { theme: `${email}: light`, language: `${email}: en` },
      identities: [{ provider: 'google-oauth2', user_id: idOf(google), connection: 'google-oauth2' }],
    },
  ]
}

/** Goes up to the confirmation. */
async function atConfirm(flow: Flow, person: Person): Promise<Visit> {
  for (let attempt = 1; ; attempt += 1) {
    const prompt = await signInUntil(flow, person, (page) => page.url.pathname === '/link/prompt')
    const page = await flow.prove(person.browser, prompt, person.email)
    if (page.url.pathname === '/link/confirm' && page.status === 200) return page
    if (attempt === MAX_ATTEMPTS) throw new Error(`${person.email} does not reach the confirmation`)
  }
}

/** Goes up to the prompt, or to the end of a login without one. */
const signInAgain = (flow: Flow, person: Person): Promise<Visit> =>
  signInUntil(
    flow,
    person,
    (page) => page.url.pathname === '/link/prompt' || claimsOf(page).sub === person.password,
  )

/**
 * Signs in, and again if this machine was too slow for the Action to find anything: it does not look for 30 s after a
 * slow answer of the service.
 */
async function signInUntil(flow: Flow, person: Person, isThere: (page: Visit) => boolean): Promise<Visit> {
  for (let attempt = 1; ; attempt += 1) {
    person.browser = new FlowBrowser()
    const page = await flow.signIn(person.browser, person.email, { with: 'google-oauth2' })
    if (isThere(page) || attempt === MAX_ATTEMPTS) return page
    await sleep(1000)
  }
}

interface End {
  ms: number
  /** The user who is signed in. */
  sub?: string
  /** How the login ended otherwise. */
  problem?: string
  /** The code of the error page on the way. */
  refused?: string
}

/** Presses "Link accounts", and again if the confirmation comes back. Continues without linking after an error page. */
async function press(browser: FlowBrowser, confirm: Visit): Promise<End> {
  const start = performance.now()
  const end: Omit<End, 'ms'> = {}
  try {
    let page = await browser.press(confirm, BUTTONS.link)
    if (page.url.pathname === '/link/confirm') page = await browser.press(page, BUTTONS.link)
    // The proxy did not reach an instance in time, and answers with its own page.
    for (let more = 5; more > 0 && page.status === 504 && !errorCode(page); more -= 1)
      page = await browser.press(confirm, BUTTONS.link)
    const refused = errorCode(page)
    if (refused) {
      end.refused = refused
      page = await browser.press(page, BUTTONS.goOn)
    }
    const { sub, error, error_description } = claimsOf(page)
    if (typeof sub === 'string') end.sub = sub
    else end.problem = `${error}: ${error_description}`
  } catch (error) {
    end.problem = (error as Error).message.slice(0, 120)
  }
  return { ...end, ms: Math.round(performance.now() - start) }
}

/** Runs work for each person, {@link AT_A_TIME} people at a time. */
async function inGroups<Result>(
  people: Person[],
  act: (person: Person, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = people.entries()
  const work = async () => {
    for (const [index, person] of waiting) results[index] = await act(person, index)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return results
}

interface Course {
  person: Person
  end: End
  again: Visit
}

function reportOn(courses: Course[], users: WorldUser[], ledger: LedgerCall[]): LoadReport {
  const byId = new Map(users.map((user) => [user.user_id, user]))
  const links = countBy(
    ledger.filter(({ effect }) => effect === 'link'),
    ({ path }) => decodeURIComponent(path).split('/')[4] ?? '',
  )
  const calls = ledger.filter(({ path }) => path.startsWith('/api/v2/'))
  const facts = courses.map(({ person, end, again }) => {
    const primary = byId.get(person.password)
    const other = byId.get(person.google)
    const count = links[person.password] ?? 0
    const isOne = primary?.identities.length === 2 && !other
    const reason = lastReason(other)
    return {
      end,
      isLost: end.sub === undefined || end.sub !== (isOne ? person.password : person.google),
      isLinkedOnce: isOne && count === 1,
      isDoubled: count > 1,
      isNoted: !isOne && count === 0 && reason !== undefined,
      isTold: !isOne && count === 0 && reason === undefined && end.refused !== undefined,
      reason,
      isAskedAgain: !isOne && again.url.pathname === '/link/prompt',
      isKnownAgain: isOne && again.url.pathname === '/callback' && claimsOf(again).sub === person.password,
      isWhole: hasEverything(person, [primary, other]),
    }
  })
  const count = (holds: (fact: (typeof facts)[number]) => boolean) => facts.filter(holds).length
  const times = facts.map(({ end }) => end.ms).sort((a, b) => a - b)
  const passed = count(
    (fact) =>
      !fact.isLost &&
      (fact.isLinkedOnce || fact.isNoted || fact.isTold) &&
      (fact.isAskedAgain || fact.isKnownAgain) &&
      fact.isWhole,
  )
  return {
    completed: count(({ isLost }) => !isLost),
    lost: count(({ isLost }) => isLost),
    linkedOnce: count(({ isLinkedOnce }) => isLinkedOnce),
    notLinkedAndNoted: count(({ isNoted }) => isNoted),
    toldAndWentOn: count(({ isTold }) => isTold),
    notNoted: count(
      ({ isLinkedOnce, isDoubled, isNoted, isTold }) => !isLinkedOnce && !isDoubled && !isNoted && !isTold,
    ),
    doubled: count(({ isDoubled }) => isDoubled),
    askedAgain: count(({ isAskedAgain }) => isAskedAgain),
    knownAgain: count(({ isKnownAgain }) => isKnownAgain),
    metadataLost: count(({ isWhole }) => !isWhole),
    median: times[Math.floor(times.length / 2)] ?? 0,
    slowest: times.at(-1) ?? 0,
    calls: calls.length,
    turnedAway: calls.filter(isTurnedAway).length,
    notEnded: calls.filter((call) => isTurnedAway(call) && /sessions|refresh-tokens/.test(call.path)).length,
    reasons: countBy(
      facts.filter(({ isNoted, isTold }) => isNoted || isTold),
      ({ reason, end }) => reason ?? end.refused ?? '',
    ),
    ends: countBy(
      facts.filter(({ isLost }) => isLost),
      ({ end }) => end.problem ?? `signed in to ${end.sub?.replace(/\d+/, 'N')}`,
    ),
    passed,
    failed: courses.length - passed,
  }
}

const isTurnedAway = ({ status }: LedgerCall) => status === 429

/** The reason that an account notes for its last attempt at a link. */
function lastReason(user: WorldUser | undefined): string | undefined {
  const marks = user?.app_metadata?.account_linking as { last?: { reason?: string } } | undefined
  return marks?.last?.reason
}

/**
 * Whether every value that a person’s accounts had still exists: as their own, or in the snapshot of the secondary
 * account.
 */
function hasEverything({ email }: Person, users: (WorldUser | undefined)[]): boolean {
  const text = JSON.stringify(users)
  return ['dark', 'light', 'en'].every((value) => text.includes(`${email}: ${value}`))
}

function countBy<Item>(items: Item[], nameOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of items.map(nameOf)) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
