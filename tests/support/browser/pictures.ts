/**
 * What `npm run screenshots` shows besides the pages that a browser reaches in the demo: the kinds of mails beside that of a link, and a funnel of a month.
 * @module
 */
import { mailParts, type NoticedType } from '@/lib/events/notice'
import { mailContent } from '@/lib/mail/mail-content'
import { type LanguageTag, loadMessages } from '@/lib/messages/load-messages'
import { addToFunnel, daysUntil } from '@/lib/store/funnel-counts'

export { startRedis } from '../flow/redis'

const KINDS: [name: string, type: NoticedType, way: string][] = [
  ['mail-unlinked', 'account.unlinked', 'settings'],
  ['mail-restored', 'account.restored', 'settings'],
  ['mail-removed', 'account.removed', 'settings'],
  ['mail-by-operator', 'account.restored', 'operator'],
]
const APP = 'https://accounts.example.com'
const LOOK = { brand: 'Example Inc', accent: '#3b5bdb', onAccent: '#ffffff' }

/** The HTML of each kind of mail but that of a link, and of one about a change by an operator. */
export async function mailPictures(language: LanguageTag): Promise<{ name: string; html: string }[]> {
  const messages = await loadMessages(language, {})
  return KINDS.map(([name, type, way]) => {
    const other = { userId: 'google-oauth2|ann-g', connection: 'google-oauth2', email: 'ann@example.com' }
    const event = { type, way, other, clientName: way === 'operator' ? LOOK.brand : 'Other Company' }
    const parts = mailParts(messages, LOOK.brand, event, new Date('2026-11-24T09:00:00.000Z'))
    const report = { kind: 'change' as const, url: `${APP}/not-me?token=TOKEN` }
    const page = `${APP}/settings/connected-accounts`
    const { html } = mailContent(messages, parts, { report, page, support: 'https://example.com/help' }, LOOK)
    return { name, html }
  })
}

/** Counts steps of the last 30 days: more on some days than on others, and fewer from step to step. */
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
