/**
 * Adoption: an application of the operator (`ADOPTION_URL`) moves its own data at a link. The Action asks it before the link
 * (`prepare`), and tells it the result (`commit` or `abandon`).
 * @module
 */
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

/** Milliseconds that a login may spend on commits that the application has not confirmed since an earlier login. */
const LATER_MS = 1_000

/**
 * Creates the function that sends an adoption step to the application (`ADOPTION_URL`), signed as Standard Webhooks says. It
 * does not retry, and gives up at the deadline of the Management API calls.
 *
 * @param settings - The application's URL, and the key that signs.
 * @returns Undefined if the operator configured no application.
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
 * Tells the application (`ADOPTION_URL`) about the links of an account that it has not confirmed yet. If that fails, the
 * service or a later login tells it again. Never throws.
 *
 * @param read - Reads the primary account.
 */
export async function commit(
  adopt: SendAdoption | undefined,
  { patch }: Pick<Management, 'patch'>,
  read: () => Promise<Pick<LinkingUser, 'user_id' | 'identities' | 'app_metadata'>>,
): Promise<void> {
  if (adopt) await commitAdoptions(read, adopt, patch).catch(() => undefined)
}

/** At a later login, sends commits that the application has not confirmed, within a second. No call if there are none. */
export async function goOnAdopting(
  settings: Settings,
  management: Management,
  user: LinkingUser,
): Promise<void> {
  if (openCommits(user).length === 0) return
  const adopt = adoptionSender(settings, { timeLeft: () => LATER_MS })
  await commit(adopt, management, async () => parseUser(await management.read(user.user_id)))
}

/** Signs a text with a `whsec_` key (HMAC-SHA256), and returns base64. Throws if the key is invalid. */
async function sign(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  return Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from(text))).toString('base64')
}
