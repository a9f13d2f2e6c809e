/**
 * Material for pictures of `npm run screenshots` that no browser can reach in the demo: further kinds of mails, and a funnel
 * with the counts of a month.
 * @module
 */
import { mailParts, type NoticedType } from '@/lib/events/notice'
import { invitationParts } from '@/lib/mail/invitation'
import { mailContent } from '@/lib/mail/mail-content'
import { type LanguageTag, loadMessages } from '@/lib/messages/load-messages'
import { addToFunnel, daysUntil } from '@/lib/store/funnel-counts'
import { anAccount } from '../builders/accounts'

export { startRedis } from '../flow/redis'

const KINDS: [name: string, type: NoticedType, way: string][] = [
  ['mail-unlinked', 'account.unlinked', 'settings'],
  ['mail-restored', 'account.restored', 'settings'],
  ['mail-removed', 'account.removed', 'settings'],
  ['mail-by-operator', 'account.restored', 'operator'],
]
const APP = 'https://accounts.example.com'
const LOOK = { brand: 'Example Inc', accent: '#3b5bdb', onAccent: '#ffffff' }

/** The HTML of mails: about each kind of change except a link, about a change by an operator, and an invitation. */
export async function mailPictures(language: LanguageTag): Promise<{ name: string; html: string }[]> {
  const messages = await loadMessages(language, {})
  const links = { page: `${APP}/settings/connected-accounts`, support: 'https://example.com/help' }
  const email = 'ann@example.com'
  const accounts = [
    anAccount({ email }),
    anAccount({
      email,
      identities: [{ provider: 'google-oauth2', user_id: '1', connection: 'google-oauth2' }],
    }),
  ]
  const invitation = invitationParts(messages, LOOK.brand, email, accounts)
  const { html: invited } = mailContent(messages, invitation, { ...links, report: undefined }, LOOK)
  const changes = KINDS.map(([name, type, way]) => {
    const other = { userId: 'google-oauth2|ann-g', connection: 'google-oauth2', email }
    const event = { type, way, other, clientName: way === 'operator' ? LOOK.brand : 'Other Company' }
    const parts = mailParts(messages, LOOK.brand, event, new Date('2026-11-24T09:00:00.000Z'))
    const report = { kind: 'change' as const, url: `${APP}/not-me?token=TOKEN` }
    const { html } = mailContent(messages, parts, { ...links, report }, LOOK)
    return { name, html }
  })
  return [...changes, { name: 'mail-invitation', html: invited }]
}

/** Fills the funnel in Redis with counts for the last 30 days: different ones each day, and fewer from step to step. */
export async function fillFunnel(redisUrl: string): Promise<void> {
  for (const [index, day] of daysUntil(new Date(), 30).entries()) {
    const at = new Date(`${day}T12:00:00Z`)
    const offers = 8 + ((index * 7) % 11)
    for (let offer = 0; offer < offers; offer += 1) {
      const application = offer % 3 === 0 ? 'shop' : 'members-app'
      const place = { application, connection: offer % 4 === 0 ? 'github' : 'google-oauth2' }
      const isAgreed = offer % 5 < 3
      await addToFunnel(redisUrl, at, 'offered', place)
      if (offer % 5 < 4) await addToFunnel(redisUrl, at, 'proven', place)
      if (isAgreed) await addToFunnel(redisUrl, at, 'answered', place)
      if (isAgreed && offer % 7 !== 0) await addToFunnel(redisUrl, at, 'linked', place)
      if (offer % 5 === 4) await addToFunnel(redisUrl, at, 'declined', place)
      if (offer % 9 === 8) await addToFunnel(redisUrl, at, 'failed', place)
    }
  }
}
