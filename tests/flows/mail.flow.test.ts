import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createSealer } from '@/lib/config/seal'
import { REPORT_SECONDS, sealReport } from '@/lib/mail/report-token'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { addFactor } from '../support/flow/add-factor'
import { findInConsole, signInToConsole } from '../support/flow/console'
import { BUTTONS, claimsOf, errorCode, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { identitiesOf, PAGE, Settings } from '../support/flow/settings'
import type { SinkMail } from '../support/flow/tenant'

const own = ownDemo({ hasMails: true, env: { CONSOLE_SUBJECTS: 'auth0|otis' } })
/** The person of the current test. Each test has another one, because an address gets at most five mails a day. */
const who = { email: '', google: '', ids: ['', ''] as [string, string] }
let people = 0

/** An operator of the console, with a second factor. */
const OPERATOR = {
  ...{ user_id: 'auth0|otis', email: 'otis@example.com', email_verified: true, name: 'Otis' },
  ...{ password: 'correct horse', created_at: '2024-03-01T09:00:00.000Z', mfa: true },
  identities: [{ provider: 'auth0', user_id: 'otis', connection: 'Username-Password-Authentication' }],
}

/** Resets the tenant to the operator and a new person, who has a password account and a Google account. */
async function begin(google?: string): Promise<void> {
  people += 1
  const name = `mail${people}`
  const common = { email_verified: true, name, created_at: '2024-03-01T09:00:00.000Z' }
  who.email = `${name}@example.com`
  who.google = google ?? who.email
  who.ids = [`auth0|${name}`, `google-oauth2|${name}-g`]
  const [password, social] = who.ids
  await own.flow.tenant.reset({
    users: [
      {
        ...{
          ...common,
          user_id: password,
          email: who.email,
          password: 'correct horse',
          logins_count: 9,
        },
        identities: [{ provider: 'auth0', user_id: name, connection: 'Username-Password-Authentication' }],
      },
      {
        ...{ ...common, user_id: social, email: who.google, created_at: '2025-03-01T09:00:00.000Z' },
        identities: [{ provider: 'google-oauth2', user_id: `${name}-g`, connection: 'google-oauth2' }],
      },
      OPERATOR,
    ],
  })
}
beforeEach(() => begin())

const WAS_NOT_ME = 'This wasn’t me'
const SIGN_OUT = 'Sign out on all devices'

/** The mails to the current person. Leaves out mails of earlier tests, which may still arrive. */
const mailsNow = async () =>
  (await own.flow.tenant.mails()).filter(({ to }) => to === who.email || to === who.google)

/** Waits for at least `count` mails to the current person, and returns all of them. */
async function mailed(count: number): Promise<SinkMail[]> {
  await vi.waitFor(async () => expect((await mailsNow()).length).toBeGreaterThanOrEqual(count), 20_000)
  return mailsNow()
}

/** The URL in a mail at which its reader can report the change. */
const reportUrl = ({ text }: SinkMail): URL => new URL(/https:\S+\/not-me\?token=\S+/.exec(text)?.[0] ?? '')

const atPrompt = (browser: FlowBrowser) => own.flow.signIn(browser, who.google, { with: 'google-oauth2' })

/** Links the two accounts at a login. */
async function link(): Promise<void> {
  const browser = new FlowBrowser()
  const confirm = await own.flow.prove(browser, await atPrompt(browser), who.email)
  expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe(who.ids[0])
}

async function linkedMail(): Promise<SinkMail> {
  await link()
  const [mail] = await mailed(1)
  if (!mail) throw new Error('no mail')
  return mail
}

/** Signs the person in to the page "Sign-in methods", and connects the Google account there. */
async function connected() {
  const person = new Settings(own.flow, new FlowBrowser())
  const page = await person.connect(await person.open(who.email), 'Google', who.google)
  return { person, page }
}

const open = async (mail: SinkMail, reader = new FlowBrowser()) => ({
  reader,
  page: await reader.visit(reportUrl(mail)),
})
const identitiesNow = () => identitiesOf(own.flow, who.ids[0])
const sessionsOf = async (ids: string[]) =>
  (await own.flow.tenant.sessions()).filter(({ user_id }) => ids.includes(user_id))
const eventTypes = async (): Promise<string[]> => {
  const events: { body: { type: string } }[] = await (
    await fetch(`${own.flow.demo.tenant}/_tenant/events`)
  ).json()
  return events.map(({ body }) => body.type)
}

describe('a link at login', () => {
  it('is mailed once if both accounts have the same email address', async () => {
    const mail = await linkedMail()
    expect(mail).toMatchObject({
      to: who.email,
      from: 'accounts@example.com',
      subject: 'Example Inc: a sign-in method was added to your account',
    })
    expect(mail.text).toContain('Added: Google, m••@example.com')
    expect(mail.html).toContain('/not-me?token=')
    expect(await mailsNow()).toHaveLength(1)
  })

  it('does not wait for the mail server, and is mailed when the server is back', async () => {
    await own.flow.tenant.options({ smtp: { down: true } })
    await link()
    await vi.waitFor(() => expect(own.output()).toContain('"event":"mail_failed"'), 10_000)
    await own.flow.tenant.options({ smtp: { down: false } })
    expect(await mailed(1)).toHaveLength(1)
  }, 40_000)
})

// The drill of docs/operate.md: "a customer says a stranger's Google account is in theirs".
describe('a link that an operator undoes', () => {
  it('is found in the console, undone, recorded and reported, and the mail says that the support team did it', async () => {
    await link()
    await mailed(1)
    const operator = new FlowBrowser()
    await signInToConsole(own.flow, operator, OPERATOR.email)
    const page = await findInConsole(operator, own.flow, who.email)
    expect(textOf(page)).toContain(who.ids[1])
    expect(textOf(page)).toContain('proof: login, at Other Company')
    const preview = await operator.press(page, 'Undo this link')
    const done = await operator.press(preview, 'Undo this link', { Reason: 'Ticket 4711' })
    expect(textOf(done)).toContain('The link is undone.')
    expect(textOf(done)).toMatch(/Journal.* restored: google-oauth2/)
    const mail = (await mailed(2)).find(({ text }) => text.includes('separated'))
    expect(mail?.text).toContain('Done by: our support team')
    await vi.waitFor(
      async () =>
        expect(await eventTypes()).toEqual(expect.arrayContaining(['account.restored', 'operator.acted'])),
      10_000,
    )
    for (const id of who.ids) await own.flow.tenant.ended(id)
    for (const id of who.ids) expect(await identitiesOf(own.flow, id)).toEqual([id])
    expect(await sessionsOf(who.ids)).toEqual([])
    // The next login does not offer the two accounts to each other.
    expect(claimsOf(await atPrompt(new FlowBrowser())).sub).toBe(who.ids[1])
  }, 40_000)
})

describe('“This wasn’t me”', () => {
  it('undoes exactly that link for a reader who is not signed in, and ends all sessions', async () => {
    const mail = await linkedMail()
    for (const id of who.ids) await own.flow.tenant.openSessions(id, 3, 1).catch(() => undefined)
    const { reader, page } = await open(mail)
    expect(page.url.href).toBe(`${own.flow.demo.app}/not-me`)
    expect(await identitiesNow()).toEqual(who.ids)
    const done = await reader.press(page, WAS_NOT_ME)
    expect(textOf(done)).toContain('The two accounts are separate again.')
    expect(textOf(done)).toContain('Both accounts are being signed out on all devices.')
    for (const id of who.ids) {
      expect(await identitiesOf(own.flow, id)).toEqual([id])
      expect(JSON.stringify((await own.flow.tenant.user(id))?.app_metadata?.account_linking)).toMatch(
        /"declined":\{"[0-9a-f]{12}":\{"until":9007199254740991,"at":\d+,"client":"Example Inc","disputed":true\}\}/,
      )
    }
    await vi.waitFor(async () => expect(await sessionsOf(who.ids)).toEqual([]), 10_000)
    await vi.waitFor(
      async () =>
        expect(await eventTypes()).toEqual(
          expect.arrayContaining(['account.linked', 'account.link_disputed', 'account.restored']),
        ),
      10_000,
    )
    const undone = (await mailed(2)).at(-1)
    expect(undone?.subject).toBe('Example Inc: your accounts were separated again')
    expect(undone?.text).toContain('Not you?')
    for (const id of who.ids) await own.flow.tenant.ended(id)
    // The next login shows its owner no prompt.
    expect(claimsOf(await atPrompt(new FlowBrowser())).sub).toBe(who.ids[1])
  }, 40_000)

  it('changes nothing for programs that open every link', async () => {
    const mail = await linkedMail()
    const before = (await own.flow.tenant.writes()).length
    for (let scan = 0; scan < 3; scan += 1) {
      const { page } = await open(mail)
      expect(page.status).toBe(200)
      const head = await fetch(reportUrl(mail), { method: 'HEAD', redirect: 'manual' })
      expect([head.status, head.headers.get('set-cookie')]).toEqual([200, null])
    }
    expect((await own.flow.tenant.writes()).length).toBe(before)
    expect(await identitiesNow()).toEqual(who.ids)
    const { reader, page } = await open(mail)
    await reader.press(page, WAS_NOT_ME)
    expect(await identitiesNow()).toEqual([who.ids[0]])
  })

  it('works once: the same page and the same URL then change nothing', async () => {
    const mail = await linkedMail()
    const { reader, page } = await open(mail)
    await reader.press(page, WAS_NOT_ME)
    const again = await reader.press(page, WAS_NOT_ME)
    expect([again.status, errorCode(again)]).toEqual([400, 'expired'])
    for (const id of who.ids) await own.flow.tenant.ended(id)
    const writes = (await own.flow.tenant.writes()).length
    const { reader: other, page: opened } = await open(mail)
    expect(textOf(await other.press(opened, WAS_NOT_ME))).toContain('This was already taken back')
    expect((await own.flow.tenant.writes()).length).toBe(writes)
  })

  it('has no effect if the owner has undone the link and made it again', async () => {
    const { person, page } = await connected()
    const [first] = await mailed(1)
    if (!first) throw new Error('no mail')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const undone = await person.disconnect(page, 'Undo')
    for (const id of who.ids) await own.flow.tenant.ended(id)
    const confirm = await person.prove(undone, 'Google', who.google)
    // The unlink created the account just now, but it is not new.
    expect(textOf(confirm)).not.toContain('You can delete it again')
    await person.browser.press(confirm, 'Connect')
    const { reader, page: opened } = await open(first)
    expect(textOf(await reader.press(opened, WAS_NOT_ME))).toContain('This was already taken back')
    expect(await identitiesNow()).toEqual(who.ids)
  }, 40_000)

  it('asks for no second factor', async () => {
    const mail = await linkedMail()
    await addFactor(own.flow, who.ids[0])
    const { reader, page } = await open(mail)
    await reader.press(page, WAS_NOT_ME)
    expect(await identitiesNow()).toEqual([who.ids[0]])
  })

  it('is mailed to both email addresses if they differ, and either reader may press it', async () => {
    await begin(`other${people}@example.org`)
    await connected()
    const mails = await mailed(2)
    expect(mails.map(({ to }) => to).toSorted()).toEqual([who.email, who.google].toSorted())
    const second = mails.find(({ to }) => to === who.google)
    if (!second) throw new Error('no mail')
    const { reader, page } = await open(second)
    await reader.press(page, WAS_NOT_ME)
    expect(await identitiesNow()).toEqual([who.ids[0]])
  }, 40_000)
})

describe('“Not you?”', () => {
  it('ends all sessions of both accounts, and undoes nothing', async () => {
    const { person, page } = await connected()
    await person.disconnect(page, 'Undo')
    const mail = (await mailed(2)).find(({ text }) => text.includes('Not you?'))
    if (!mail) throw new Error('no mail')
    for (const id of who.ids) await own.flow.tenant.ended(id)
    for (const id of who.ids) await own.flow.tenant.openSessions(id, 2, 1)
    expect((await sessionsOf(who.ids)).length).toBeGreaterThanOrEqual(4)
    const { reader, page: opened } = await open(mail)
    const done = await reader.press(opened, SIGN_OUT)
    expect(textOf(done)).toContain('Both accounts are being signed out on all devices.')
    await vi.waitFor(async () => expect(await sessionsOf(who.ids)).toEqual([]), 10_000)
    for (const id of who.ids) expect(await identitiesOf(own.flow, id)).toEqual([id])
    await vi.waitFor(async () => expect(await eventTypes()).toContain('account.change_disputed'), 10_000)
    // The application's own session, in the other browser, has ended as well.
    expect(textOf(await person.view())).not.toContain('Add a sign-in method')
  }, 40_000)
})

describe('a report URL or form that the application did not make', () => {
  const sealer = () => createSealer({ current: own.flow.demo.env.FLOW_SECRET ?? '', previous: undefined })
  const aReport = {
    kind: 'link' as const,
    userId: 'auth0|ann',
    otherId: 'google-oauth2|x',
    linkedAt: 1,
    at: 1,
    language: 'en',
  }
  const visit = (token: string, reader = new FlowBrowser()): Promise<Visit> => {
    const url = new URL('/not-me', own.flow.demo.app)
    url.searchParams.set('token', token)
    return reader.visit(url)
  }

  it('is refused if its token was altered, invented or encrypted for another purpose', async () => {
    const good = await sealReport(sealer(), aReport)
    const other = await sealer().seal('not-me', { report: aReport, csrf: 'x' }, Date.now() / 1000 + 60)
    const stranger = await sealReport(createSealer({ current: 'x'.repeat(43), previous: undefined }), aReport)
    const altered = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`
    for (const token of ['', 'x', altered, other, stranger]) {
      const reader = new FlowBrowser()
      const page = await visit(token, reader)
      expect([page.status, errorCode(page)]).toEqual([400, 'expired'])
      expect(reader.hops.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
    }
    expect((await visit(good)).status).toBe(200)
  })

  it('redirects to the page “Sign-in methods” if it is more than seven days old', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - (REPORT_SECONDS + 60) * 1_000)
    const old = await sealReport(sealer(), aReport)
    now.mockRestore()
    const reader = new FlowBrowser()
    const url = new URL('/not-me', own.flow.demo.app)
    url.searchParams.set('token', old)
    await reader.visit(url, { stopAt: own.flow.demo.tenant })
    expect(reader.hops[0]?.headers.get('location')).toBe(`${own.flow.demo.app}${PAGE}`)
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: '' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('does nothing when sent from %s', async (_where, headers) => {
    const { reader, page } = await open(await linkedMail())
    const refused = await reader.send(page, WAS_NOT_ME, {}, { headers: headers as Record<string, string> })
    expect(errorCode(refused)).toBe('csrf')
    expect(await identitiesNow()).toEqual(who.ids)
  })

  it('does nothing without the CSRF value of its page, or with that of another page', async () => {
    const mail = await linkedMail()
    const { reader, page } = await open(mail)
    const { page: elsewhere } = await open(mail)
    const other = elsewhere.html.querySelector('input[name=csrf]')?.getAttribute('value')
    for (const csrf of [undefined, '', 'x', other])
      expect(errorCode(await reader.send(page, WAS_NOT_ME, { csrf }))).toBe('csrf')
    expect(await identitiesNow()).toEqual(who.ids)
  })
})
