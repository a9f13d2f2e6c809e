/**
 * Asks the application that moves its own data with a link whether it takes what is signed, and nothing else.
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { SigningWebhook } from '../../lib/config/config'
import type { AdoptionFacts } from './facts'

/** Longest wait for an answer, in milliseconds: as long as a link waits. */
const TIMEOUT_MS = 3_000

/**
 * Sends a `ping`, once signed with the operator's key and once with another one. It asks for nothing to be done.
 *
 * @see docs/reference/adoption.md
 */
export async function examineAdoption({ url, secret }: SigningWebhook): Promise<AdoptionFacts> {
  return {
    signed: await ping(url, secret),
    forged: await ping(url, `whsec_${randomBytes(32).toString('base64')}`),
  }
}

/** The status of the answer; undefined if there is none in time. */
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
