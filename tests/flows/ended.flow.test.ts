/**
 * After a link or an unlink, no session of the account survives, however many there are and however slow the tenant is, even
 * if an attacker, Mallory, signs in every second meanwhile. And no such session connects anything before it ends.
 *
 * `npm test` plays 30 sessions at 150 ms a call; with ENDED_GRID=all it plays the whole grid.
 */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, errorCode, Flow, proveAccount } from '../support/flow/flow'
import { methodsOf, PAGE, Settings } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const isWhole = process.env.ENDED_GRID === 'all'
const SESSIONS = isWhole ? [1, 30, 120] : [30]
const DELAYS = isWhole ? [0, 150, 400] : [150]
const GRID = SESSIONS.flatMap((sessions) => DELAYS.map((delay) => ({ sessions, delay })))

/** Most milliseconds allowed from the response to the change until no earlier session is left. */
const LONGEST = 30_000
const ANN = 'auth0|ann'
const GITHUB = 'github|mallory'
const MALLORY = {
  provider: 'github',
  user_id: 'mallory',
  connection: 'github',
  profileData: { email: 'mallory@example.com', email_verified: true, name: 'Mallory' },
}

/** Resets the tenant: Ann has one account, with `identities` added to it, and there are the `further` users. */
const worldWith = async (identities: object[], further: object[] = []) => {
  const { users } = await tenant.world()
  const ann = users.find(({ user_id }) => user_id === ANN)
  const others = users.filter(({ user_id }) => !/\|ann/.test(user_id))
  const own = ann?.identities ?? []
  await tenant.reset({ users: [{ ...ann, identities: [...own, ...identities] }, ...others, ...further] })
}

/** The attacker: signs in every second, keeps all her browsers, and tries to connect another account of hers with each. */
class Mallory {
  private readonly kept: FlowBrowser[] = []
  private isOver = false
  private readonly working: Promise<void>[] = []
  private readonly questions: { browser: FlowBrowser; page: Visit }[] = []
  /** How often she submitted a confirmation. */
  tries = 0

  constructor(private readonly signIn: (browser: FlowBrowser) => Promise<unknown>) {}

  /** Opens sessions at the tenant for an identity, and gives three of them to browsers. */
  async open(user_id: string, count: number): Promise<void> {
    const { sessions } = await tenant.openSessions(user_id, count, 3)
    for (const id of sessions.slice(0, 3)) {
      const browser = new FlowBrowser()
      const { port } = new URL(demo.tenant)
      await browser.jar.setCookie(`auth0_session_${port}_compat=${id}; Path=/`, demo.tenant)
      this.kept.push(browser)
    }
  }

  /** Signs in every second until `stop` is called. */
  begin(): void {
    if (this.working.length > 0) return
    const again = async () => {
      while (!this.isOver) {
        const browser = new FlowBrowser()
        await this.signIn(browser).catch(() => undefined)
        this.kept.push(browser)
        await wait(1_000)
      }
    }
    this.working.push(again())
  }

  /** In her four newest browsers, starts to connect an account of her own to Ann's, up to the confirmation. */
  async prepare(): Promise<void> {
    await Promise.all(this.kept.slice(-4).map((browser) => this.proveOwn(browser).catch(() => undefined)))
  }

  /** As soon as Ann's link or unlink is made, submits every open confirmation, and opens new ones. */
  attackAfter(effect: 'link' | 'unlink'): void {
    const before = tenant.writes().then((writes) => writes.length)
    const isMade = async () =>
      (await tenant.writes()).slice(await before).some((write) => write.startsWith(`${effect} `))
    this.working.push(
      (async () => {
        while (!this.isOver && !(await isMade())) await wait(20)
        while (!this.isOver) {
          await Promise.all(
            this.questions.splice(0).map((each) => this.confirmLink(each).catch(() => undefined)),
          )
          await this.prepare()
          await wait(100)
        }
      })(),
    )
  }

  private async proveOwn(browser: FlowBrowser): Promise<void> {
    const settings = new Settings(flow, browser)
    const first = await settings.view()
    const page = first.url.pathname === '/link/prompt' ? await browser.press(first, BUTTONS.notNow) : first
    if (page.url.pathname !== PAGE) return
    const account = { email: `${randomUUID()}@evil.example`, isNew: true }
    this.questions.push({ browser, page: await settings.prove(page, 'Google', account) })
  }

  private async confirmLink({ browser, page }: { browser: FlowBrowser; page: Visit }): Promise<void> {
    this.tries += 1
    await browser.press(page, 'Connect')
  }

  async stop(): Promise<void> {
    this.isOver = true
    await Promise.all(this.working)
  }

  /** How many of her browsers can still sign in to Ann's account without a form (`prompt=none`). */
  async countSilentSignIns(): Promise<number> {
    const ends = await Promise.all(this.kept.map((browser) => silentSubject(browser).catch(() => undefined)))
    return ends.filter((subject) => subject === ANN).length
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The user id of a browser's session at the tenant; undefined without a session. */
async function silentSubject(browser: FlowBrowser): Promise<string | undefined> {
  const url = new URL('/login', demo.other)
  url.searchParams.set('prompt', 'none')
  const page = await browser.visit(url)
  return JSON.parse(page.html.querySelector('pre')?.text ?? '{}').sub
}

/**
 * Sessions of Ann's accounts that were authenticated before a time (in seconds), except those that may continue. Sessions of
 * Mallory's account, which is separate after an unlink, don't count.
 */
async function olderSessions(before: number, kept: (string | undefined)[]): Promise<string[]> {
  return (await tenant.sessions())
    .filter(({ user_id }) => [ANN, 'google-oauth2|ann-g'].includes(user_id))
    .filter(({ id, auth_time }) => auth_time < before && !kept.includes(id))
    .map(({ id }) => id)
}

/** Identities in Ann's account that Mallory connected during the attack. */
async function strangers(): Promise<string[]> {
  const identities = (await tenant.user(ANN))?.identities
  if (!identities) throw new Error('the account is gone')
  return identities.map(({ user_id }) => user_id).filter((id) => !['ann', 'ann-g', 'mallory'].includes(id))
}

/** Waits until no earlier session is left, and returns how long that took in milliseconds. */
async function untilEnded(answered: number, kept: (string | undefined)[] = []): Promise<number> {
  for (;;) {
    const left = await olderSessions(Math.floor(answered / 1_000), kept)
    const took = Date.now() - answered
    if (left.length === 0) return took
    if (took > LONGEST) throw new Error(`${left.length} sessions survive ${took} ms`)
    await wait(200)
  }
}

/**
 * Opens a page, and tries again while it is refused with `rate_limited`: in the whole grid, the API calls of several tests
 * count against Ann's account in the same minute.
 */
async function whenAllowed(open: () => Promise<Visit>): Promise<Visit> {
  for (;;) {
    const page = await open()
    if (errorCode(page) !== 'rate_limited') return page
    await wait(2_000)
  }
}

const slow = (delay_ms: number) =>
  delay_ms > 0 ? tenant.faults({ match: { path: '^/api/v2/' }, effect: { delay_ms } }) : undefined
const numbers: object[] = []
const timeout = 240_000

describe.each(GRID)('with $sessions sessions of the attacker and $delay ms a call', ({ sessions, delay }) => {
  /** Runs the attack during a change, and counts what Mallory has left afterwards. */
  async function against(
    what: string,
    mallory: Mallory,
    work: () => Promise<unknown>,
    kept: () => Promise<(string | undefined)[]> = async () => [],
  ) {
    mallory.begin()
    await wait(1_100)
    await mallory.prepare()
    await slow(delay)
    mallory.attackAfter(/Disconnect|Undo|removal/.test(what) ? 'unlink' : 'link')
    const begun = Date.now()
    await work()
    const answered = Date.now()
    const ended = await untilEnded(answered, await kept())
    await mallory.stop()
    await tenant.mend()
    const row = { what, sessions, delay, answer_ms: answered - begun, ended_ms: ended }
    numbers.push(row)
    if (isWhole) console.log(JSON.stringify(row))
    // After an unlink, Mallory has her own account again. What she connects to that does not count.
    expect(await strangers()).toEqual([])
    expect(mallory.tries).toBeGreaterThan(0)
  }

  /** Puts Mallory's GitHub identity into Ann's account, by a link of ours or by others, and opens sessions with it. */
  async function linkMallory(isLinkedHere: boolean) {
    if (isLinkedHere) await worldWith([], [githubUser()])
    else await worldWith([MALLORY])
    const ann = new Settings(flow, new FlowBrowser())
    await ann.open('ann@example.com')
    let page = await whenAllowed(ann.view)
    if (isLinkedHere) {
      page = await ann.connect(page, 'GitHub', 'mallory@example.com')
      expect(methodsOf(page)).toHaveLength(2)
    }
    await tenant.ended(ANN)
    const mallory = new Mallory((browser) => flow.signIn(browser, 'mallory@example.com', { with: 'github' }))
    await mallory.open(GITHUB, sessions)
    return { ann, mallory }
  }

  it.each(['Disconnect', 'Undo', 'removal'] as const)(
    'no session of hers is left after: %s',
    async (what) => {
      const { ann, mallory } = await linkMallory(what !== 'Disconnect')
      const page = await whenAllowed(ann.view)
      const preview = await ann.follow(page, what === 'Undo' ? 'Undo' : 'Disconnect')
      const fields = what === 'removal' ? { remove: '1' } : {}
      await against(what, mallory, () =>
        ann.browser.send(preview, what === 'Undo' ? 'Undo' : 'Disconnect', fields),
      )
      expect(await mallory.countSilentSignIns()).toBe(0)
      const identities = (await tenant.user(ANN))?.identities ?? []
      expect(identities.map(({ provider }) => provider)).toEqual(['auth0'])
      // Ann's own session continues.
      expect(methodsOf(await whenAllowed(ann.view))).toHaveLength(1)
    },
    timeout,
  )

  it(
    'no session is left after a link on the page, except the one that linked and the one of the proof',
    async () => {
      // Mallory knows Ann's password until the reset below.
      await worldWith([], [googleUser()])
      const mallory = new Mallory((browser) =>
        flow
          .signIn(browser, 'ann@example.com')
          .then((page) => proveAccount(browser, page, 'ann@example.com')),
      )
      await mallory.open(ANN, sessions)
      mallory.begin()
      await wait(1_100)
      const ann = new Settings(flow, new FlowBrowser())
      await resetPassword()
      const password = 'better horse'
      const login = await ann.browser.visit(`${demo.app}${PAGE}`)
      const asked = await ann.browser.press(login, 'Continue', {
        'Email address': 'ann@example.com',
        Password: password,
      })
      const page = asked.url.pathname === PAGE ? asked : await ann.browser.press(asked, BUTTONS.notNow)
      const own = await sessionOf(ann.browser)
      const proof = await ann.prove(page, 'Google', 'ann@example.com')
      const proofSession = await sessionOf(ann.browser)
      await against(
        'connect',
        mallory,
        () => ann.browser.press(proof, 'Connect'),
        async () => [own, proofSession],
      )
      expect(await mallory.countSilentSignIns()).toBe(0)
      expect(methodsOf(await ann.view())).toHaveLength(2)
    },
    timeout,
  )

  it(
    'no session is left after a link at login, except the one of the login and the one of the proof',
    async () => {
      await worldWith([], [googleUser()])
      const mallory = new Mallory((browser) =>
        flow
          .signIn(browser, 'ann@example.com')
          .then((page) => proveAccount(browser, page, 'ann@example.com')),
      )
      await mallory.open(ANN, sessions)
      mallory.begin()
      const browser = new FlowBrowser()
      const prompt = await flow.annAtPrompt(browser)
      const own = await sessionOf(browser)
      await wait(1_100)
      await resetPassword()
      const question = await browser.press(prompt, BUTTONS.link)
      const proof = await browser.press(question, 'Continue', {
        'Email address': 'ann@example.com',
        Password: 'better horse',
      })
      const proofSession = await sessionOf(browser)
      await against(
        'link at login',
        mallory,
        async () => {
          const done = await browser.press(proof, BUTTONS.link)
          expect(done.url.pathname).toBe('/callback')
        },
        async () => [own, proofSession],
      )
      expect(await mallory.countSilentSignIns()).toBe(0)
      expect((await tenant.user(ANN))?.identities).toHaveLength(2)
    },
    timeout,
  )
})

const resetPassword = () => tenant.administer('PATCH', ANN, { password: 'better horse' })

/** The id of a browser's session at the tenant. */
async function sessionOf(browser: FlowBrowser): Promise<string | undefined> {
  const { port } = new URL(demo.tenant)
  const cookies = await browser.jar.getCookies(demo.tenant)
  return cookies.find(({ key }) => key === `auth0_session_${port}_compat`)?.value
}

const githubUser = () => ({
  user_id: GITHUB,
  email: 'mallory@example.com',
  email_verified: true,
  name: 'Mallory',
  identities: [{ provider: 'github', user_id: 'mallory', connection: 'github' }],
})
const googleUser = () => ({
  user_id: 'google-oauth2|ann-g',
  email: 'ann@example.com',
  email_verified: true,
  name: 'Ann Archer',
  created_at: '2025-02-01T09:00:00.000Z',
})
