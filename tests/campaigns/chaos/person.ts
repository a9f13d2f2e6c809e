/**
 * Simulates a person who uses the pages. At each page the person makes the next move of the schedule, which usually is to do
 * what the page offers.
 * @module
 */
import type { Visit } from '../../support/browser/browser'
import { FlowBrowser, fieldsOf, formOf } from '../../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, textOf } from '../../support/flow/flow'
import { methodsOf, noticeOf, PAGE } from '../../support/flow/settings'
import { EMAIL, ENDS, isLinked, STAYS, userOf } from './ann'
import type { Goal, Move } from './schedule'
import type { Stage } from './stage'

/** The most steps towards one goal. A login or a task that takes more does not end. */
const MAX_STEPS = 25

/** A button to press, or a link to follow. */
interface Act {
  button?: string
  link?: string
  fields?: Record<string, string>
  /** What the person agrees to with it. */
  consent?: 'link' | 'unlink'
}

/** What the person sees and does. */
export class Person {
  /** What the person should not have seen, with the invariant it breaks. */
  readonly problems: string[] = []
  /** The flows to whose link the person agreed. */
  readonly links = new Set<string>()
  unlinks = 0
  /** The number of pages at which moves can happen. */
  pages = 0
  /** Whether she declined in a way after which she is not asked again. */
  hasDeclined = false
  #browser = new FlowBrowser()
  #visits: Visit[] = []
  #last: { page: Visit; act: Act } | undefined
  #starts = 0
  #hops = 0
  /** Whether something happened after which a login may end with an error page of the tenant, or be denied. */
  #isExcused = false
  #isSkewed = false

  constructor(
    private readonly stage: Stage,
    private readonly moves: Move[] = [],
  ) {}

  /** Pursues a goal as far as possible. */
  async pursue(goal: Goal): Promise<void> {
    const browser = this.#browser
    this.#visits = []
    this.#last = undefined
    this.#isExcused = false
    this.#starts = 0
    this.#hops = browser.hops.length
    await this.#walk(goal, await this.#start(goal))
    const arrivals = browser.hops.slice(this.#hops).filter(({ url }) => url.pathname === '/link').length
    if (arrivals > this.#starts) this.#report('I5', `asked ${arrivals} times in ${this.#starts} logins`)
  }

  #report(invariant: string, what: string): void {
    this.problems.push(`${invariant} ${what}`)
  }

  #start(goal: Goal): Promise<Visit | undefined> {
    const { other, app } = this.stage.demo
    this.#starts += 1
    const connection = goal === 'google' ? '?connection=google-oauth2' : ''
    const url = goal === 'google' || goal === 'password' ? `${other}/login${connection}` : app + PAGE
    return this.#go(() => this.#browser.visit(url, this.#stop))
  }

  get #stop() {
    return { stopAt: `${this.stage.demo.other}/callback` }
  }

  /** The page that a request leads to; undefined if the connection was lost. */
  async #go(request: () => Promise<Visit>): Promise<Visit | undefined> {
    try {
      return await request()
    } catch (error) {
      if (error instanceof TypeError) return undefined
      throw error
    }
  }

  async #walk(goal: Goal, start: Visit | undefined): Promise<void> {
    let page = start
    let isDone = false
    for (let step = 0; page; step += 1) {
      if (page !== this.#visits.at(-1)) await this.#look(goal, page)
      if (step > MAX_STEPS) return this.#report('I5', `does not end: ${page.url.pathname}`)
      // The schedule's moves happen only at our pages, not at the tenant's.
      const isTheirs = page.url.origin === this.stage.demo.tenant
      const move = (!isTheirs && this.moves.shift()) || 'go'
      if (!isTheirs) this.pages += 1
      await this.#disturb(move)
      const act = nextAct(this.stage, goal, page, move === 'decline', isDone)
      isDone ||= act?.consent !== undefined && !page.url.pathname.startsWith('/link')
      this.#visits.push(page)
      switch (move) {
        case 'leave':
          this.#browser = new FlowBrowser()
          return
        case 'reload':
        case 'back':
          page = await this.#revisit(page, move)
          break
        case 'again':
          this.#isExcused = true
          page = this.#last ? await this.#perform(this.#last.page, this.#last.act) : page
          break
        case 'tab':
          this.#isExcused = true
          await this.#secondTab(goal)
          page = act && (await this.#perform(page, act))
          break
        default:
          if (!act) return
          page = move === 'double' ? await this.#twice(page, act) : await this.#perform(page, act)
      }
    }
  }

  /** Carries out a move that acts on the tenant, the application or the store instead of the browser. */
  async #disturb(move: Move): Promise<void> {
    const { stage } = this
    if (move.startsWith('clock')) {
      this.#isSkewed = true
      this.#isExcused = true
      await stage.tenant.clock(Number(move.slice(5)))
    }
    if (['lose-before', 'lose-after', 'tenant-restart', 'crash', 'double'].includes(move))
      this.#isExcused = true
    if (move === 'lose-before') await stage.tenant.faults({ ...RESUMED, effect: { drop: 'before' } })
    if (move === 'lose-after') await stage.tenant.faults({ ...RESUMED, effect: { drop: 'after' } })
    if (move === 'tenant-restart') await stage.restartTenant()
    if (move === 'crash') await stage.crashApp()
    if (move === 'store-down') await stage.loseStore()
    if (move === 'store-empty') await stage.emptyStore()
  }

  async #revisit(page: Visit, move: 'reload' | 'back'): Promise<Visit | undefined> {
    const target = move === 'back' ? (this.#visits.at(-2) ?? page) : page
    if (move === 'back') this.#isExcused = true
    // The answer to a form cannot be opened by its address, and the end of a login belongs to the other company.
    if (target.url.pathname === '/link/finish' || this.#isArrival(target)) return page
    if (target.url.pathname === '/link') this.#starts += 1
    return this.#go(() => this.#browser.visit(target.url, this.#stop))
  }

  /** Pursues the same goal from its beginning, in the same browser. */
  async #secondTab(goal: Goal): Promise<void> {
    const rest = this.moves.splice(0)
    await this.#walk(goal, await this.#start(goal))
    this.moves.push(...rest)
  }

  async #twice(page: Visit, act: Act): Promise<Visit | undefined> {
    const [, second] = await Promise.all([this.#perform(page, act), this.#perform(page, act, true)])
    return second
  }

  async #perform(page: Visit, act: Act, isRepeated = false): Promise<Visit | undefined> {
    const { button = '', link, fields, consent } = act
    if (!link) this.#last = { page, act }
    if (consent === 'link') this.links.add(fieldsOf(formOf(page, button)).flow ?? '')
    if (consent === 'unlink' && !isRepeated) this.unlinks += 1
    if (consent === 'unlink' || button === BUTTONS.notNow) this.hasDeclined = true
    const before = consent && (await this.#truth())
    const next = await this.#go(() =>
      link
        ? this.#browser.visit(new URL(link, page.url), this.#stop)
        : this.#browser.press(page, button, fields, this.#stop),
    )
    if (next && consent && before !== undefined && !this.#isExcused) await this.#compare(next, before)
    return next
  }

  async #truth(): Promise<boolean> {
    return isLinked(await this.stage.world())
  }

  /** Checks that the notice on the page "Sign-in methods" agrees with what happened. */
  async #compare(page: Visit, before: boolean): Promise<void> {
    if (!page.url.pathname.startsWith(PAGE)) return
    const after = await this.#truth()
    const code = errorCode(page)
    const notice = noticeOf(page)
    const said = `${code ?? ''} ${notice}`.trim()
    if (said === '') this.#report('I6', `nothing is said after ${before ? 'an unlink' : 'a link'}`)
    const [linked, apart, unknown] = SAYS.map((words) => words.test(notice))
    // If the notice says what happened, an error code beside it is only about reading the page.
    const isOpen = linked || apart || unknown || MAY_BE_EITHER.has(code ?? '')
    if (code && !isOpen && after !== before) this.#report('I6', `${said}, but it was done`)
    if (after ? apart : linked) this.#report('I6', `${said}, but it is not`)
  }

  #isArrival({ url }: Visit): boolean {
    return url.origin === this.stage.demo.other && url.pathname === '/callback'
  }

  /** Checks that a page says what happened, and offers a way to continue. */
  async #look(goal: Goal, page: Visit): Promise<void> {
    const { url, status } = page
    const { app, tenant } = this.stage.demo
    if (this.#isArrival(page)) return this.#arrive(goal, page)
    const place = `${goal}: ${url.pathname} ${status} ${errorCode(page) ?? ''}`.trim()
    if (url.origin === tenant && status >= 400 && !this.#isExcused)
      this.#report('I5', `${place} ${textOf(page).slice(0, 120)}`)
    if (url.origin !== app || (status < 400 && !errorCode(page))) return
    if (!errorCode(page)) return this.#report('I6', `${place} has no code`)
    if (!page.html.querySelector('main form, main a[href]'))
      this.#report('I6', `${place} offers no way to continue`)
    if (textOf(page).length < 60) this.#report('I6', `${place} has almost no text`)
    if (url.pathname.startsWith('/link') && !textOf(page).includes('Reference number'))
      this.#report('I6', `${place} has no reference number`)
    if (errorCode(page) === 'internal') this.#report('I6', `${place} does not say what happened`)
  }

  /** Checks how a login ended, and for which user. */
  async #arrive(goal: Goal, { url }: Visit): Promise<void> {
    const denial = url.searchParams.get('error_description')
    if (denial === 'Please sign in once more.') return
    if (url.searchParams.has('error'))
      return this.#isExcused ? undefined : this.#report('I5', `${goal} was denied: ${denial}`)
    const world = await this.stage.world()
    const page = await this.#go(() => this.stage.calm(() => this.#browser.visit(url)))
    // The other company's application refuses an ID token with a wrong date, and a callback that was opened before.
    if (!page || this.#isSkewed || (this.#isExcused && page.status !== 200)) return
    const sub = String(claimsOf(page).sub)
    if (!userOf(world, sub)) this.#report('I5', `${goal} ended as ${sub}, who is not there`)
    if (![STAYS, ENDS].includes(sub)) this.#report('I4', `${goal} ended as ${sub}`)
  }
}

const RESUMED = { match: { path: '^/continue$' }, times: 1 }

/** What the notice says if the accounts are linked, if they are separate, and if the result is unknown. */
const SAYS = [
  /^(Connected\.|This sign-in method is already connected)/,
  /^(Disconnected|Undone|This was already disc)/,
  /^We couldn’t tell/,
]

/**
 * Error codes after which the change may have been made: its result was unknown, it had been made before, or the session
 * had no API calls left for the next page. A schedule can use these up, because it links and unlinks faster than people
 * do.
 */
const MAY_BE_EITHER = new Set(['outcome_unknown', 'already_used', 'no_flow', 'rate_limited'])

/** The next action towards the goal; undefined if it is reached or cannot be. */
function nextAct(
  { demo }: Stage,
  goal: Goal,
  page: Visit,
  isDeclining: boolean,
  isDone: boolean,
): Act | undefined {
  const { origin, pathname } = page.url
  const buttons = page.html.querySelectorAll('form button').map(({ text }) => text.trim())
  const press = (...names: string[]): Act | undefined => {
    const button = names.find((name) => buttons.includes(name))
    return button ? { button } : undefined
  }
  const agree = (consent: 'link' | 'unlink', ...names: string[]) => {
    const act = press(...names)
    return act && { ...act, consent }
  }
  if (origin === demo.tenant) {
    if (pathname === '/u/identity-provider') return press(EMAIL)
    if (pathname === '/u/login')
      return (
        press('Continue') && {
          button: 'Continue',
          fields: { 'Email address': EMAIL, Password: 'correct horse' },
        }
      )
    return undefined
  }
  if (origin !== demo.app) return undefined
  if (pathname.startsWith('/link')) {
    if (errorCode(page)) return press('Continue signing in', BUTTONS.goOn)
    const isWanted = !isDeclining && (goal === 'google' || goal === 'password')
    if (!isWanted) return press(BUTTONS.notNow, BUTTONS.goOn)
    return pathname === '/link/confirm' ? agree('link', BUTTONS.link) : press(BUTTONS.link, BUTTONS.goOn)
  }
  if (pathname === `${PAGE}/confirm`) return agree('link', 'Connect')
  if (pathname === `${PAGE}/disconnect`)
    return agree('unlink', 'Disconnect', 'Undo') ?? press('Sign in again')
  // The person stops after the change was made, and after an error page.
  if (pathname !== PAGE || isDone || errorCode(page)) return undefined
  if (goal === 'connect') return methodsOf(page).length === 1 ? press('Google') : undefined
  const words = { disconnect: 'Disconnect', undo: 'Undo' }[goal as string]
  const link = page.html
    .querySelectorAll('a')
    .find(({ text }) => text.trim() === words)
    ?.getAttribute('href')
  return link ? { link } : undefined
}
