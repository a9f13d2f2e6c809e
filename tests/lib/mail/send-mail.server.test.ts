import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MailJob } from '@/lib/mail/mail-job'
import { openReport } from '@/lib/mail/report-token'
import { attemptMail } from '@/lib/mail/send-mail'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { aLog } from '../events/an-event'
import { AT, aMailer, LINK, linkedAnn, SNAPSHOT, SNAPSHOT_KEY } from './a-mailer'

const { state, services, users, answer, begin } = await aMailer()

let count = 0
/** Sends one mail as a first attempt, by default with a new id. */
const send = (changes: Partial<MailJob> = {}, id = `msg_${++count}`) =>
  attemptMail(services, id, { ...LINK, ...changes }, 1)
const sendBoth = async (changes: Partial<MailJob> = {}) => [
  await send({ ...changes, to: 'account' }),
  await send({ ...changes, to: 'other' }),
]
const tos = () => state.mails.map(({ to }) => to)

let log: ReturnType<typeof aLog>
beforeEach(() => {
  state.reset()
  users.clear()
  users.set('auth0|ann', linkedAnn())
  delete answer.status
  begin()
  log = aLog()
  forgetProcessMemory('taken', 'counted', 'cached')
})
afterEach(() => void vi.unstubAllGlobals())

describe('the recipient of a mail', () => {
  it('is the verified address of each of the two accounts', async () => {
    await sendBoth()
    expect(tos()).toEqual(['ann@example.com', 'ann.g@example.org'])
  })

  it('is the address of the account that was unlinked', async () => {
    const [own] = linkedAnn().identities
    users.set('auth0|ann', linkedAnn({ identities: [own], app_metadata: {} }))
    users.set('google-oauth2|g', {
      user_id: 'google-oauth2|g',
      email: 'ann.g@example.org',
      email_verified: true,
      identities: [{ provider: 'google-oauth2', user_id: 'g', connection: 'google-oauth2' }],
    })
    await sendBoth({ type: 'account.unlinked' })
    expect(tos()).toEqual(['ann@example.com', 'ann.g@example.org'])
  })

  it('is one address if both accounts have the same, in any spelling', async () => {
    users.set('auth0|ann', linkedAnn({}, { email: 'Ann@Example.com' }))
    await sendBoth()
    expect(tos()).toEqual(['ann@example.com'])
    expect(log.lines('mail_dropped')).toEqual([expect.objectContaining({ code: 'no_address' })])
  })

  it.each([
    ['own', linkedAnn({ email_verified: false }), ['ann.g@example.org']],
    ['linked', linkedAnn({}, { email_verified: false }), ['ann@example.com']],
    [
      'linked, and unknown whether verified',
      linkedAnn({}, { email_verified: undefined }),
      ['ann@example.com'],
    ],
    [
      'own, which both accounts have',
      linkedAnn({ email_verified: false }, { email: 'ann@example.com' }),
      ['ann@example.com'],
    ],
  ])('is never an unverified address: %s', async (_which, account, expected) => {
    users.set('auth0|ann', account)
    await sendBoth()
    expect(tos()).toEqual(expected)
  })

  it('is the address in the job for a removed account', async () => {
    users.clear()
    await send({
      type: 'account.removed',
      other: undefined,
      email: 'gone@example.com',
      formerlyIn: 'auth0|ann',
    })
    expect(tos()).toEqual(['gone@example.com'])
  })

  it('is no one if both accounts are deleted', async () => {
    users.clear()
    expect(await sendBoth()).toEqual([undefined, undefined])
    expect(tos()).toEqual([])
  })

  it.each([
    'ann@example.com, eve@evil.example',
    'ann@example.com>\r\nRCPT TO:<eve@evil.example',
    '"eve@evil.example, x"@example.com',
    'eve@evil.example <ann@example.com>',
    'ann@example.com\r\nBcc: eve@evil.example',
  ])('is never another person whom an address names: %j', async (email) => {
    users.set('auth0|ann', linkedAnn({ email }))
    await send()
    expect(tos().filter((to) => to.endsWith('evil.example'))).toEqual([])
    expect(JSON.stringify(state.mails.map(({ headers }) => headers))).not.toMatch(/bcc|evil\.example"/i)
  })
})

describe('the report link in a mail', () => {
  const reportIn = async () => {
    const token = /token=([^\s"]+)/.exec(state.mails[0]?.text ?? '')?.[1] ?? ''
    return openReport(services.sealer, token)
  }

  it('is bound to the snapshot of the link', async () => {
    await send()
    expect(await reportIn()).toEqual({
      ...{ kind: 'link', userId: 'auth0|ann', otherId: 'google-oauth2|g', connection: 'google-oauth2' },
      ...{ linkedAt: AT / 1000 - 1, at: AT, language: 'en' },
    })
  })

  it.each([
    ['unlinked meanwhile', linkedAnn({ identities: linkedAnn().identities.slice(0, 1), app_metadata: {} })],
    ['made without a snapshot', linkedAnn({ app_metadata: {} })],
    [
      'being undone',
      linkedAnn({ app_metadata: { [SNAPSHOT_KEY]: { ...SNAPSHOT, returning: { at: 1, undo: true } } } }),
    ],
  ])('is missing for a link that was %s', async (_why, account) => {
    users.set('auth0|ann', account)
    await send()
    expect(state.mails).toHaveLength(1)
    expect(state.mails[0]?.text).not.toContain('/not-me')
  })

  it('is missing for a link that was made again since', async () => {
    await send({ at: AT - 600_000 })
    expect(state.mails[0]?.text).not.toContain('/not-me')
  })

  it.each(['account.unlinked', 'account.restored'] as const)(
    'for %s ends sessions and does nothing else',
    async (type) => {
      await send({ type })
      expect(await reportIn()).toMatchObject({
        kind: 'change',
        userId: 'auth0|ann',
        otherId: 'google-oauth2|g',
      })
      expect(await reportIn()).not.toHaveProperty('linkedAt')
    },
  )

  it('for a removed account names the account that it was part of', async () => {
    const removed = {
      userId: 'google-oauth2|g',
      other: undefined,
      formerlyIn: 'auth0|ann',
      email: 'g@example.org',
    }
    await send({ type: 'account.removed', ...removed })
    expect(await reportIn()).toMatchObject({
      kind: 'change',
      userId: 'google-oauth2|g',
      otherId: 'auth0|ann',
    })
  })
})

describe('the language of a mail', () => {
  const languageOf = async (job: Partial<MailJob>, user_metadata: object) => {
    users.set('auth0|ann', linkedAnn({ user_metadata }))
    await send(job)
    return /<html lang="([^"]+)"/.exec(state.mails[0]?.html ?? '')?.[1]
  }

  it('is that of the login', async () => {
    expect(await languageOf({ language: 'de fr' }, { locale: 'it' })).toBe('de')
  })
  it("is otherwise that in the account's metadata", async () => {
    expect(await languageOf({}, { locale: 'pt_BR' })).toBe('pt-BR')
  })
  it('is that of the account if that of the login is not supported', async () => {
    expect(await languageOf({ language: 'xx' }, { locale: 'it' })).toBe('it')
  })
  it('is otherwise the tenant’s default', async () => {
    users.set('auth0|ann', linkedAnn({ user_metadata: { locale: { no: 'text' } } }))
    await attemptMail({ ...services, defaultLocales: () => ['fi', 'de'] }, `msg_${++count}`, LINK, 1)
    expect(state.mails[0]?.html).toContain('<html lang="fi"')
  })
})

describe('a mail that was sent', () => {
  it('is not sent again under the same id', async () => {
    await send({}, 'msg_once')
    await send({}, 'msg_once')
    expect(tos()).toEqual(['ann@example.com'])
    expect(state.mails[0]?.headers['message-id']).toBe('<msg_once@example.com>')
  })

  it('is marked as sent automatically', async () => {
    await send()
    expect(state.mails[0]?.headers['auto-submitted']).toBe('auto-generated')
  })

  it('is logged without an address or a token', async () => {
    await send()
    expect(log.lines('mail_sent')).toEqual([
      expect.objectContaining({ type: 'account.linked', to: expect.stringMatching(/^[0-9a-f]{12}$/) }),
    ])
    expect(log.text()).not.toMatch(/@|token=|auth0\|/)
  })
})

describe('an email address', () => {
  it('receives five mails a day at most', async () => {
    for (let sent = 0; sent < 7; sent += 1) await send()
    expect(tos()).toHaveLength(5)
    expect(log.lines('mail_dropped').map(({ code }) => code)).toEqual(['limit', 'limit'])
    await send({ to: 'other' })
    expect(tos()).toHaveLength(6)
  })

  it('is not counted for mails that the server refused', async () => {
    state.changeOptions({ smtp: { data_status: 451 } })
    for (let tried = 0; tried < 6; tried += 1) expect(await send()).toEqual({})
    state.changeOptions({ smtp: { data_status: 250 } })
    await send()
    expect(tos()).toHaveLength(1)
  })

  it('receives no more mails after it has bounced', async () => {
    state.changeOptions({ smtp: { rcpt_status: 550 } })
    expect(await send()).toBeUndefined()
    state.changeOptions({ smtp: { rcpt_status: 250 } })
    expect(await send()).toBeUndefined()
    expect(tos()).toEqual([])
    expect(log.lines('mail_dropped').map(({ code }) => code)).toEqual(['bounced', 'bounced'])
    await send({ to: 'other' })
    expect(tos()).toEqual(['ann.g@example.org'])
  })
})

describe('a failed attempt is retried', () => {
  const codes = () => log.lines('mail_failed').map(({ code }) => code)

  it.each([
    ['refuses the recipient temporarily', { rcpt_status: 451 }, 'refused'],
    ['requires a login', { rcpt_status: 530 }, 'refused'],
    ['refuses the mail', { data_status: 554 }, 'refused'],
    ['is down', { down: true }, 'unreachable'],
  ])('if the server %s', async (_how, smtp, code) => {
    state.changeOptions({ smtp })
    expect(await send({}, 'msg_again')).toEqual({})
    expect(codes()).toEqual([code])
    state.changeOptions({ smtp: { rcpt_status: 250, data_status: 250, down: false } })
    expect(await send({}, 'msg_again')).toBeUndefined()
    expect(tos()).toHaveLength(1)
  })

  it('if the server takes longer than five seconds', async () => {
    state.changeOptions({ smtp: { delay_ms: 2_500 } })
    const timeout = AbortSignal.timeout.bind(AbortSignal)
    const limits = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(300))
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const begun = performance.now()
    expect(await send()).toEqual({})
    expect(performance.now() - begun).toBeLessThan(1_900)
    // 2 s for the read of the account, and 5 s for the server.
    expect(timers).toHaveBeenCalledWith(expect.any(Function), 2_000)
    expect(limits.mock.calls).toEqual([[5_000]])
    expect(codes()).toEqual(['timeout'])
  })

  it.each([
    [500, 'tenant_unreachable'],
    [403, 'missing_scope'],
    [429, 'management_failed'],
    [401, 'management_failed'],
  ])('if the tenant responds with %i', async (status, code) => {
    answer.status = status
    expect(await send()).toBeDefined()
    expect(codes()).toEqual([code])
    expect(tos()).toEqual([])
  })

  it('if a server off loopback offers no TLS: nothing is sent unencrypted', async () => {
    const open = { ...services, smtp: { ...services.smtp, isOnLoopback: false } }
    expect(await attemptMail(open, 'msg_clear', LINK, 1)).toEqual({})
    expect(codes()).toHaveLength(1)
    expect(tos()).toEqual([])
  })

  it('unless the operator removed the server', async () => {
    expect(await attemptMail(undefined, 'msg_x', LINK, 1)).toEqual({ isFinal: 'gone' })
  })
})
