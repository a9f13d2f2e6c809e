/**
 * The HTML of a mail. It has one column, and no pictures or anything else that a mail program would load. Styles are on the elements,
 * because mail programs drop style sheets.
 * @module
 */
import 'server-only'
import { escapeHtml } from '../messages/escape-html'
import type { Language } from '../messages/read-messages'

/** The company's name and colors. */
export interface MailLook {
  brand: string
  /** Color of the button: `#rrggbb`. */
  accent: string
  onAccent: string
}

/** The texts and links of the HTML. */
interface MailBody {
  subject: string
  hello: string
  what: string
  facts: [name: string, value: string][]
  isYou: string
  notYou: string
  /** The button that reports "This wasn't me", and the sentence below it; undefined if the mail has none. */
  act: { url: string; label: string; means: string } | undefined
  links: { before: string; url: string }[]
}

const P = 'margin:0 0 16px'

/** Makes the HTML document. Escapes every text in it. */
export function mailHtml({ language, direction }: Language, look: MailLook, body: MailBody): string {
  const { brand, accent, onAccent } = look
  const { subject, hello, what, facts, isYou, notYou, act, links } = body
  const paragraph = (inner: string) => `<p style="${P}">${inner}</p>`
  const side = direction === 'rtl' ? 'right' : 'left'
  const lines = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:2px 0;padding-${side === 'left' ? 'right' : 'left'}:16px;vertical-align:top;overflow-wrap:normal">${escapeHtml(name)}</td><td style="padding:2px 0"><bdi>${escapeHtml(value)}</bdi></td></tr>`,
  )
  const button =
    act &&
    `<p style="margin:24px 0 8px"><a href="${escapeHtml(act.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:${accent};color:${onAccent};font-weight:600;text-decoration:none">${escapeHtml(act.label)}</a></p>${paragraph(escapeHtml(act.means))}`
  return [
    `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="margin:0;padding:24px"><div dir="${direction}" style="max-width:560px;margin:0 auto;overflow-wrap:anywhere;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;text-align:${side}">`,
    `<p style="margin:0 0 24px;padding-bottom:12px;border-bottom:3px solid ${accent};font-weight:600">${escapeHtml(brand)}</p>`,
    paragraph(escapeHtml(hello)),
    paragraph(escapeHtml(what)),
    `<table role="presentation" style="margin:0 0 16px;border-collapse:collapse;font:inherit">${lines.join('')}</table>`,
    paragraph(escapeHtml(isYou)),
    paragraph(escapeHtml(notYou)),
    button ?? '',
    ...links.map(({ before, url }) =>
      paragraph(`${escapeHtml(before)} <a href="${escapeHtml(url)}">${escapeHtml(shown(url))}</a>`),
    ),
    '</div></body></html>',
  ].join('\n')
}

/** A URL as people read it, without its scheme. */
const shown = (url: string) => url.replace(/^(?:https?:\/\/|mailto:)/, '')
