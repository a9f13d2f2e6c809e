/**
 * Checks that the application that moves its own data at a link (adoption) accepts correctly signed requests only.
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { SigningWebhook } from '../../lib/config/config'
import type { AdoptionFacts } from './facts'

/** Longest wait for a response, in milliseconds: the same as at a link. */
const TIMEOUT_MS = 3_000

/**
 * Sends two `ping` requests, which ask the application to do nothing: one signed with the operator's key, one with a random
 * key.
 *
 * @see docs/reference/adoption.md
 */
export async function examineAdoption({ url, secret }: SigningWebhook): Promise<AdoptionFacts> {
  return {
    signed: await ping(url, secret),
    forged: await ping(url, `whsec_${randomBytes(32).toString('base64')}`),
  }
}

/** Returns the HTTP status; undefined if there is no response in time. */
async function ping(url: string, secret: string): Promise<number | undefined> {
  const now = new Date()
  const id = `${randomUUID()}.account.adoption.ping`
  const body = JSON.stringify({ type: 'account.adoption.ping', timestamp: now.toISOString(), data: {} })
  try {
    const { status, body: answer } = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, now, body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer?.cancel()
    return status
  } catch {
    return undefined
  }
}
