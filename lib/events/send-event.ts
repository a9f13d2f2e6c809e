import 'server-only'
import { Webhook } from 'standardwebhooks'
import type { SigningWebhook } from '../config/config'

/** Longest wait for a response, in milliseconds. */
const WEBHOOK_TIMEOUT_MS = 5_000

/** Why an attempt failed. It may be logged: it contains neither the URL, nor the key, nor what was sent. */
export interface SendFailure {
  code: 'status' | 'timeout' | 'unreachable' | 'internal'
  /** HTTP status of the response, if `code` is `status`. */
  status?: number
  /** How long the webhook asks us to wait, in milliseconds. */
  retryAfter?: number
}

/** Overrides of how a message is sent. */
export interface SendOptions {
  /** Longest wait for a response, in milliseconds. */
  timeoutMs?: number
  /** Headers beside those of Standard Webhooks. */
  headers?: Record<string, string>
}

/**
 * Signs an event or a step of an adoption, and sends it once to the operator's webhook. The attempt succeeds only with a 2xx
 * response in time. Redirects are not followed.
 *
 * @param webhook - URL of the webhook, and the key that signs.
 * @param id - The same in every attempt, so that the receiver can recognize a repetition.
 * @param body - Signed and sent as it is.
 * @returns Undefined if the webhook accepted it.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-headers-sending-metadata-to-consumers Standard Webhooks, headers}
 */
export async function sendEvent(
  webhook: SigningWebhook,
  id: string,
  body: string,
  { timeoutMs = WEBHOOK_TIMEOUT_MS, headers = {} }: SendOptions = {},
): Promise<SendFailure | undefined> {
  try {
    const now = new Date()
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(webhook.secret).sign(id, now, body),
      },
      body,
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    })
    // We do not read the response body. Cancel it, because an unread body keeps the connection open.
    response.body?.cancel().catch(() => undefined)
    if (response.ok) return undefined
    return { code: 'status', status: response.status, retryAfter: retryAfterOf(response.headers) }
  } catch (error) {
    return { code: codeOf(error) }
  }
}

/** Milliseconds to wait by the header `Retry-After`, which holds seconds or a date; 0 if there is none that is valid. */
function retryAfterOf(headers: Headers): number {
  const value = headers.get('retry-after') ?? ''
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return wait > 0 ? wait : 0
}

function codeOf(error: unknown): SendFailure['code'] {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  // `fetch` throws a TypeError if there was no response, or if it was a redirect.
  return error instanceof TypeError ? 'unreachable' : 'internal'
}
