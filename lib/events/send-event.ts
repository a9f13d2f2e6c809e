import 'server-only'
import { Webhook } from 'standardwebhooks'
import type { SigningWebhook } from '../config/config'

/** Longest wait for an answer, in milliseconds. */
const WEBHOOK_TIMEOUT_MS = 5_000

/** Why an attempt counts as failed; never the address, the key or what was sent. */
export interface SendFailure {
  code: 'status' | 'timeout' | 'unreachable' | 'internal'
  /** With `status`: what the webhook answered. */
  status?: number
  /** How long the webhook asks us to wait, in milliseconds. */
  retryAfter?: number
}

/**
 * Sends an event to the operator's webhook once, signed now. Only a 2xx within five seconds, or the time given, counts; redirects are not
 * followed.
 *
 * @param webhook - Its address, and the key that signs.
 * @param id - The same in every attempt, so that the receiver can tell a repetition.
 * @param body - Signed and sent as it is.
 * @param timeout - Longest wait for an answer, in milliseconds.
 * @returns Undefined if the webhook took it.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-headers-sending-metadata-to-consumers Standard Webhooks, headers}
 */
export async function sendEvent(
  webhook: SigningWebhook,
  id: string,
  body: string,
  timeout = WEBHOOK_TIMEOUT_MS,
): Promise<SendFailure | undefined> {
  try {
    const now = new Date()
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(webhook.secret).sign(id, now, body),
      },
      body,
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeout),
    })
    // We do not read the body, and an unread one would keep the connection open.
    response.body?.cancel().catch(() => undefined)
    if (response.ok) return undefined
    return { code: 'status', status: response.status, retryAfter: retryAfterOf(response.headers) }
  } catch (error) {
    return { code: codeOf(error) }
  }
}

/** As seconds or as a date; 0 for anything else. */
function retryAfterOf(headers: Headers): number {
  const value = headers.get('retry-after') ?? ''
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return wait > 0 ? wait : 0
}

function codeOf(error: unknown): SendFailure['code'] {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  // How `fetch` says that there was no answer, or one that leads elsewhere.
  return error instanceof TypeError ? 'unreachable' : 'internal'
}
