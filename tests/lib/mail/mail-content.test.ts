import { parse } from 'node-html-parser'
import { describe, expect, it } from 'vitest'
import { mailParts, type NoticedType } from '@/lib/events/notice'
import { mailContent } from '@/lib/mail/mail-content'
import { LANGUAGES, loadMessages } from '@/lib/messages/load-messages'

const TYPES: NoticedType[] = ['account.linked', 'account.unlinked', 'account.restored', 'account.removed']
const REPORT = 'https://accounts.example.com/not-me?token=a.b&c=1'
const PAGE = 'https://accounts.example.com/settings/connected-accounts'
const SUPPORT = 'mailto:help@example.com'
const LOOK = { brand: 'Sm<i>th & "Sons"', accent: '#1f4e79', onAccent: '#ffffff' }
const OTHER = { userId: 'google-oauth2|g', connection: 'google-oauth2', email: 'ann.lee@example.org' }

async function aMail(
  language: (typeof LANGUAGES)[number],
  type: NoticedType,
  hasReport = true,
  way?: string,
) {
  const messages = await loadMessages(language, {})
  const event = { type, way, other: OTHER, clientName: '<b>Other</b>' }
  const parts = mailParts(messages, LOOK.brand, event, new Date('2026-11-24T09:00:00.000Z'))
  const kind = type === 'account.linked' ? ('link' as const) : ('change' as const)
  const report = hasReport ? { kind, url: REPORT } : undefined
  return { messages, ...mailContent(messages, parts, { report, page: PAGE, support: SUPPORT }, LOOK) }
}

describe.each(LANGUAGES)('a mail in %s', (language) => {
  it.each(TYPES)(
    'about %s has every part as text and as HTML, in its language and direction',
    async (type) => {
      const { messages, subject, text, html } = await aMail(language, type)
      const document = parse(html)
      const root = document.querySelector('html')
      expect([root?.getAttribute('lang'), root?.getAttribute('dir')]).toEqual([language, messages.direction])
      expect(document.querySelector('title')?.textContent).toBe(subject)
      expect(subject).toContain(LOOK.brand)
      const links = document.querySelectorAll('a')
      expect(links.map((link) => link.getAttribute('href'))).toEqual([REPORT, PAGE, SUPPORT])
      const { wasNotMe, notYou, takesBack, signsOut } = messages.mails
      const [label, means] = type === 'account.linked' ? [wasNotMe, takesBack] : [notYou, signsOut]
      expect(links[0]?.textContent).toBe(label)
      const read = document.querySelector('body')?.textContent ?? ''
      for (const sentence of [
        messages.notices.hello,
        messages.notices.isYou,
        messages.notices.notYou,
        means,
      ]) {
        expect(text).toContain(sentence)
        expect(read).toContain(sentence)
      }
      for (const url of [REPORT, PAGE, SUPPORT]) expect(text.split('\n')).toContain(url)
      expect(text).toContain('Google, a••@example.org')
    },
  )

  it.each(TYPES)('about %s loads nothing, runs nothing, and contains no unmasked address', async (type) => {
    const { text, html } = await aMail(language, type)
    const document = parse(html)
    expect(
      document.querySelectorAll('script, img, link, iframe, object, form, style, [onclick], [src]'),
    ).toEqual([])
    expect(html).not.toMatch(/url\(|@import|https?:\/\/(?!accounts\.example\.com\/)/)
    expect(`${text}${html}`.replaceAll(SUPPORT, '').replaceAll('help@example.com', '')).not.toMatch(
      /[\w.]+@[\w.]+/,
    )
    expect(text).not.toMatch(/undefined|\{\w+\}/)
  })
})

it.each(LANGUAGES)('states in %s that an operator made the change, only if one did', async (language) => {
  const { messages, text, html } = await aMail(language, 'account.linked', true, 'operator')
  const { doneBy, support } = messages.notices
  expect(text.split('\n')).toContain(`${doneBy}: ${support}`)
  const cells = parse(html).querySelectorAll('td')
  expect(cells.map(({ textContent }) => textContent)).toEqual(expect.arrayContaining([doneBy, support]))
  for (const way of ['login', undefined])
    expect((await aMail(language, 'account.linked', true, way)).text).not.toContain(support)
})

it('breaks long URLs, so that it fits a phone', async () => {
  const { html } = await aMail('en', 'account.linked')
  expect(parse(html).querySelector('body > div')?.getAttribute('style')).toContain('overflow-wrap:anywhere')
})

it('escapes names that others chose', async () => {
  const { html, text } = await aMail('en', 'account.linked')
  expect(text).toContain('App: <b>Other</b>')
  expect(html).toContain('&lt;b&gt;Other&lt;/b&gt;')
  expect(html).toContain('Sm&lt;i&gt;th &amp; &quot;Sons&quot;')
  expect(parse(html).querySelectorAll('b, i')).toEqual([])
})

it('has no button if there is nothing to report', async () => {
  const { html, text, messages } = await aMail('en', 'account.linked', false)
  expect(`${html}${text}`).not.toContain('/not-me')
  expect(`${html}${text}`).not.toContain(messages.mails.wasNotMe)
  expect(text).toContain(PAGE)
})
