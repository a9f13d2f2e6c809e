import { parse } from 'node-html-parser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type InvitedAccount, invitationParts, sendInvitation } from '@/lib/mail/invitation'
import { mailContent } from '@/lib/mail/mail-content'
import { LANGUAGES, loadMessages } from '@/lib/messages/load-messages'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { aLog } from '../events/an-event'
import { aMailer } from './a-mailer'

const TO = 'ann@example.com'
const PAGE = 'https://accounts.example.com/settings/connected-accounts'
const SUPPORT = 'mailto:help@example.com'
const LOOK = { brand: 'Sm<i>th & "Sons"', accent: '#1f4e79', onAccent: '#ffffff' }

/** An account with these identities: the provider and email address of each. */
const anAccount = (ways: [provider: string, email?: string][], user_metadata = {}): InvitedAccount => ({
  email: ways[0]?.[1],
  user_metadata,
  identities: ways.map(([provider, email]) => ({
    ...{ provider, user_id: `${provider}|1`, connection: provider },
    profile: email === undefined ? {} : { email },
  })),
})
const ACCOUNTS = [
  anAccount([
    ['auth0', 'Ann@example.com'],
    ['github', 'ann.lee@example.org'],
  ]),
  anAccount([['google-oauth2', TO]]),
]

const messagesOf = (language: (typeof LANGUAGES)[number]) => loadMessages(language, {})

async function aMail(language: (typeof LANGUAGES)[number], accounts = ACCOUNTS) {
  const messages = await messagesOf(language)
  const parts = invitationParts(messages, LOOK.brand, TO, accounts)
  const links = { report: undefined, page: PAGE, support: SUPPORT }
  return { messages, parts, ...mailContent(messages, parts, links, LOOK) }
}

describe.each(LANGUAGES)('an invitation in %s', (language) => {
  it('has every part as text and as HTML, in its language and direction', async () => {
    const { messages, parts, subject, text, html } = await aMail(language)
    const document = parse(html)
    const root = document.querySelector('html')
    expect([root?.getAttribute('lang'), root?.getAttribute('dir')]).toEqual([language, messages.direction])
    expect(document.querySelector('title')?.textContent).toBe(subject)
    expect(subject).toContain(LOOK.brand)
    const { invitation } = messages.mails
    const read = document.querySelector('body')?.textContent ?? ''
    const never = invitation.leave({ button: messages.buttons.never })
    expect(never).toContain(messages.buttons.never)
    const sentences = [messages.notices.hello, invitation.what({ brand: LOOK.brand }), invitation.next, never]
    for (const sentence of [...sentences, invitation.page, messages.notices.help]) {
      expect(text).toContain(sentence)
      expect(read).toContain(sentence)
    }
    expect(parts.facts).toHaveLength(2)
    expect(text).toContain('GitHub (a••@example.org)')
    expect(text).toContain(`${invitation.account}: Google\n`)
  })

  it('links only to the page and to help: no button, no token, and nothing to load', async () => {
    const { text, html } = await aMail(language)
    const document = parse(html)
    expect(document.querySelectorAll('a').map((link) => link.getAttribute('href'))).toEqual([PAGE, SUPPORT])
    for (const link of document.querySelectorAll('a'))
      expect(link.getAttribute('href')).toContain(link.textContent)
    expect(text.match(/\w+:\/\/\S+/g)).toEqual([PAGE])
    expect(
      document.querySelectorAll('script, img, link, iframe, object, form, style, [onclick], [src]'),
    ).toEqual([])
    expect(html).not.toMatch(/url\(|@import|https?:\/\/(?!accounts\.example\.com\/)/)
    expect(`${text}${html}`.replaceAll('help@example.com', '')).not.toMatch(/[\w.]+@[\w.]+|token/)
    expect(text).not.toMatch(/undefined|\{\w+\}/)
  })
})

describe('the sign-in methods in an invitation', () => {
  it('are five of an account at most, and the number of the others', async () => {
    const ways = Array.from({ length: 7 }, (_, at): [string, string] => ['github', `a${at}@example.org`])
    const { parts } = await aMail('en', [anAccount([['auth0', TO], ...ways])])
    expect(parts.facts).toEqual([
      [
        'Account',
        'Email and password, GitHub (a••@example.org), GitHub (a••@example.org), GitHub (a••@example.org), GitHub (a••@example.org), and 3 more ways to sign in',
      ],
    ])
  })

  it('have no address if none is known', async () => {
    const { parts } = await aMail('en', [anAccount([['auth0', TO], ['sms']])])
    expect(parts.facts).toEqual([['Account', 'Email and password and Text message code']])
  })

  it('are escaped, whatever a connection is called', async () => {
    const { html } = await aMail('en', [anAccount([['<b>evil</b>', TO]])])
    expect(parse(html).querySelectorAll('b')).toEqual([])
    expect(html).toContain('&lt;b&gt;evil')
  })
})

describe('sendInvitation', async () => {
  const { state, services, begin } = await aMailer()
  let log: ReturnType<typeof aLog>
  beforeEach(() => {
    state.reset()
    begin()
    log = aLog()
    forgetProcessMemory('taken', 'counted', 'cached')
    return () => void vi.unstubAllGlobals()
  })
  const send = (id: string, accounts = ACCOUNTS) => sendInvitation(services, { id, to: TO, accounts })
  const languageOf = (at: number) => /<html lang="([^"]+)"/.exec(state.mails[at]?.html ?? '')?.[1]

  it('sends an invitation once per id', async () => {
    expect([await send('invite_a'), await send('invite_a')]).toEqual(['sent', 'sent'])
    expect(state.mails).toEqual([expect.objectContaining({ to: TO, from: 'accounts@example.com' })])
    expect(state.mails[0]?.headers).toMatchObject({
      'message-id': '<invite_a@example.com>',
      'auto-submitted': 'auto-generated',
    })
    expect(log.lines('mail_sent')).toEqual([
      expect.objectContaining({
        id: 'invite_a',
        type: 'invitation',
        to: expect.stringMatching(/^[\da-f]{12}$/),
      }),
    ])
    expect(log.text()).not.toContain('@')
  })

  it('returns and logs that the server refused the mail', async () => {
    state.changeOptions({ smtp: { data_status: 451 } })
    expect(await send('invite_b')).toBe('refused')
    expect(log.lines('mail_failed')).toEqual([expect.objectContaining({ id: 'invite_b', code: 'refused' })])
  })

  it('counts toward the limit of all mails to the address', async () => {
    for (let sent = 0; sent < 5; sent += 1) await send(`invite_c${sent}`)
    expect(await send('invite_c6')).toBe('limit')
    expect(state.mails).toHaveLength(5)
  })

  it('uses the first supported language of the accounts, or else the tenant’s default', async () => {
    const inFrench = anAccount([['auth0', TO]], { locale: 'fr_CA' })
    await send('invite_d', [anAccount([['github', TO]], { locale: 'xx' }), inFrench])
    await sendInvitation(
      {
        ...services,
        brands: { brandFor: async () => ({ ...(await services.brands.brandFor()), enabledLocales: ['fi'] }) },
      },
      { id: 'invite_e', to: TO, accounts: ACCOUNTS },
    )
    expect([languageOf(0), languageOf(1)]).toEqual(['fr', 'fi'])
  })
})
