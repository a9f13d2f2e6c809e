/**
 * A mail server that delivers nothing: it stores the mails that applications send, and the control API lists them.
 * @module
 */
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerError, type SMTPServerSession } from 'smtp-server'
import type { TenantState } from '../state'
import type { ReceivedMail } from './records'

/** How many mails are stored. */
const MAX_STORED = 500
/** The address that the sink listens on. Only programs on this machine can connect to it. */
const HOST = '127.0.0.1'

/** A running sink. */
export interface SmtpSink {
  port: number
  close(): Promise<void>
}

/**
 * Starts the sink. The option `smtp` says how it behaves; a reset clears the stored mails.
 *
 * @param stateOf - Returns the tenant's state; undefined until the tenant has started. Until then, mails are dropped.
 * @param port - The port, or 0 for any free one.
 * @throws {Error} If the port is taken.
 */
export async function startSmtpSink(stateOf: () => TenantState | undefined, port: number): Promise<SmtpSink> {
  const optionsNow = () => stateOf()?.options.smtp
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // No client would trust the default certificate of `SMTPServer`.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
    onRcptTo: (_address, _session, done) => done(refusal(optionsNow()?.rcpt_status)),
    onData(stream, session, done) {
      void (async () => {
        const raw = await buffer(stream)
        await sleep(optionsNow()?.delay_ms ?? 0)
        const refused = refusal(optionsNow()?.data_status)
        const state = stateOf()
        if (!refused && state) store(state, await toMail(state, session, raw))
        done(refused)
      })().catch((error: Error) => done(error))
    },
  })
  // Without a listener, a client that disconnects in the middle of a mail would end the process.
  server.on('error', () => undefined)
  server.server.prependListener('connection', (socket) => {
    if (optionsNow()?.down) socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Returns the error reply for a status of the option `smtp`; null for a status below 400, for which the reply is 250. */
function refusal(status = 250): SMTPServerError | null {
  if (status < 400) return null
  return Object.assign(new Error('refused by the option smtp'), { responseCode: status })
}

async function toMail(
  state: TenantState,
  { envelope }: SMTPServerSession,
  raw: Buffer,
): Promise<ReceivedMail> {
  const { subject = '', text = '', html = '', from, headers } = await PostalMime.parse(raw)
  return {
    at: new Date(state.now()).toISOString(),
    to: envelope.rcptTo.map(({ address }) => address).join(', '),
    from: from?.address ?? '',
    subject,
    text,
    html,
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
  }
}

function store(state: TenantState, mail: ReceivedMail): void {
  state.mails = [...state.mails, mail].slice(-MAX_STORED)
}
