import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** Whether the server that sends mails can be reached, and takes them. */
export const checkMail: DoctorCheck = ({ mail }) => {
  if (!mail?.failure) return []
  const { failure } = mail
  if (failure === 'unreachable' || failure === 'timeout')
    return [
      createFinding(
        'smtp_unreachable',
        failure === 'timeout'
          ? 'The server at SMTP_URL does not answer within 5 seconds.'
          : 'The server at SMTP_URL cannot be reached, or not with TLS.',
        'Look at host and port, at firewalls, and whether its certificate is valid; with smtp:// it must offer STARTTLS.',
      ),
    ]
  return [
    createFinding(
      'smtp_refused',
      failure === 'bounced'
        ? 'The server at SMTP_URL refuses the address of --mail-to.'
        : 'The server at SMTP_URL refuses the login, the sender or the mail.',
      'Look at user and password in SMTP_URL, encoded as in a URL, and whether the server may send as MAIL_FROM.',
    ),
  ]
}
