/**
 * The inspector's sections on events that the webhook received, and on mails that the SMTP sink received.
 * @module
 */
import { html } from 'hono/html'
import { z } from 'zod'
import type { ReceivedEvent, ReceivedMail } from '../control/records'
import type { Markup } from './inspector-user'

const Typed = z.object({ type: z.string() })

const Mail = z.object({
  data: z.object({ notice: z.object({ subject: z.string(), text: z.string() }) }),
})

/**
 * Shows the events, latest first. If an event contains a notice for a user, the notice is shown as the email that an
 * application would send.
 */
export function notices(events: ReceivedEvent[]): Markup {
  if (events.length === 0) return html`<p>None.</p>`
  return html`<div class="notices">${events.toReversed().map(card)}</div>`
}

function card({ at, body }: ReceivedEvent): Markup {
  const type = Typed.safeParse(body).data?.type ?? 'without a type'
  const mail = Mail.safeParse(body).data?.data.notice
  return html`<article>
    <p><strong>${type}</strong>, ${at}</p>
    ${
      mail
        ? html`<h3>${mail.subject}</h3>
            <pre class="mail" tabindex="0">${mail.text}</pre>`
        : ''
    }
  </article>`
}

/** Shows the recipients, the subject and the plain text of each mail, latest first. */
export function mails(received: ReceivedMail[]): Markup {
  if (received.length === 0) return html`<p>None.</p>`
  return html`<div class="notices">${received.toReversed().map(
    ({ at, to, subject, text }) =>
      html`<article>
        <p>To <strong>${to}</strong>, ${at}</p>
        <h3>${subject}</h3>
        <pre class="mail" tabindex="0">${text}</pre>
      </article>`,
  )}</div>`
}
