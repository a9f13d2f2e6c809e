import 'server-only'
import { parseUrl } from '../../core/parse-url'
import { isLoopback } from './tenant-domain'

/** The server that sends mails, and their sender. */
export interface Smtp {
  host: string
  port: number
  /** Whether the connection begins with TLS. If not, it must change to TLS (STARTTLS), unless the server is on loopback. */
  isTls: boolean
  isOnLoopback: boolean
  login: { user: string; pass: string } | undefined
  /** Such as `Example <accounts@example.com>`. */
  from: string
}

/** The default ports. @see {@link https://www.rfc-editor.org/rfc/rfc8314#section-3.3 RFC 8314, section 3.3} */
const PORTS: Record<string, number> = { 'smtps:': 465, 'smtp:': 587 }

/** Whether a text is the address of an SMTP server: without path, query and fragment. */
export function isSmtpUrl(value: string): boolean {
  const url = parseUrl(value)
  if (!url || !Object.hasOwn(PORTS, url.protocol) || url.hostname === '') return false
  const isBare = ['', '/'].includes(url.pathname) && url.search === '' && url.hash === ''
  return isBare && (url.username === '') === (url.password === '')
}

/**
 * Parses the URL of an SMTP server.
 *
 * @param url - A URL that {@link isSmtpUrl} accepts.
 * @param from - The sender of the mails.
 * @returns Undefined if `url` or `from` is undefined: then no mail is sent.
 */
export function parseSmtpSettings(url: string | undefined, from: string | undefined): Smtp | undefined {
  const parsed = url === undefined ? undefined : parseUrl(url)
  if (!parsed || from === undefined) return undefined
  const { protocol, hostname, port, username, password } = parsed
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: Number(port) || (PORTS[protocol] ?? 0),
    isTls: protocol === 'smtps:',
    isOnLoopback: isLoopback(`http://${hostname}`),
    login:
      username === ''
        ? undefined
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    from,
  }
}
