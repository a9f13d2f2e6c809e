import {
  commitAdoptions,
  type LinkingUser,
  openCommits,
  PREPARE_MS,
  parseUser,
  SETTLE_MS,
  type SendAdoption,
  toAdoptionMessage,
} from '../core'
import { jsonHeaders } from './json-headers'
import { log } from './log'
import type { Management } from './management'
import type { Settings } from './settings'
import { seconds, timeLimit } from './time'

/** How long a later login waits for the application, in milliseconds. */
const LATER_MS = 1_000

/**
 * Asks and tells the application that moves its own data, as Standard Webhooks says. Each step is sent once, and within the time that
 * calls of the Management API have.
 *
 * @param settings - Where it is, and the key that signs.
 * @returns Undefined if the operator named no application.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme Standard Webhooks, signatures}
 */
export function adoptionSender(
  { ADOPTION_URL: url, ADOPTION_SECRET: secret = '' }: Settings,
  { timeLeft }: Pick<Management, 'timeLeft'>,
): SendAdoption | undefined {
  if (!url) return undefined
  return async (step, data) => {
    try {
      const { id, body } = toAdoptionMessage(step, data, new Date())
      const at = `${seconds()}`
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...jsonHeaders(),
          'webhook-id': id,
          'webhook-timestamp': at,
          'webhook-signature': `v1,${await sign(secret, `${id}.${at}.${body}`)}`,
        },
        body,
        redirect: 'error',
        signal: timeLimit(step === 'prepare' ? PREPARE_MS : SETTLE_MS, Date.now() + timeLeft()),
      })
      if (response.ok) return true
      log('adoption_failed', { step, error: `${response.status}` })
    } catch (error) {
      log('adoption_failed', { step, error: (error as Error).name })
    }
    return false
  }
}

/**
 * Tells the application of the links of an account that it has not confirmed. If that fails, the service or a later login does it.
 *
 * @param read - Reads the account.
 */
export async function commit(
  adopt: SendAdoption | undefined,
  { patch }: Pick<Management, 'patch'>,
  read: () => Promise<Pick<LinkingUser, 'user_id' | 'identities' | 'app_metadata'>>,
): Promise<void> {
  if (adopt) await commitAdoptions(read, adopt, patch).catch(() => undefined)
}

/** Does the same at a later login, within a second. An account with nothing to tell costs no call. */
export async function goOnAdopting(
  settings: Settings,
  management: Management,
  user: LinkingUser,
): Promise<void> {
  if (openCommits(user).length === 0) return
  const adopt = adoptionSender(settings, { timeLeft: () => LATER_MS })
  await commit(adopt, management, async () => parseUser(await management.read(user.user_id)))
}

/** In base64; fails for a key that is none. */
async function sign(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  return Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from(text))).toString('base64')
}
