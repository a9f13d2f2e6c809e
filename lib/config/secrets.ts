import 'server-only'

/** Shortest secret that is accepted, in bytes: the key size of HS256. */
const MIN_BYTES = 32

/**
 * Says what is wrong with a single secret.
 *
 * @returns A phrase that never contains the secret, or undefined if the secret can be used.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7518#section-3.2 RFC 7518, section 3.2}
 */
export function secretProblem(secret: string): string | undefined {
  if (secret.toLowerCase().includes('changeme')) return 'still holds the example value'
  if (Buffer.byteLength(secret) < MIN_BYTES) return `must be at least ${MIN_BYTES} bytes long`
  if (new Set(secret).size === 1) return 'must not be one character repeated'
  return undefined
}

/** Finds all pairs of variables that hold the same secret. They must differ, because one leak would expose both. */
export function equalSecrets(secrets: Record<string, string | undefined>): [string, string][] {
  const named = Object.entries(secrets).filter(([, value]) => value !== undefined)
  return named.flatMap(([name, value], index) =>
    named
      .slice(index + 1)
      .filter(([, other]) => other === value)
      .map(([other]): [string, string] => [name, other]),
  )
}

/** Shortest and longest key of a webhook, in bytes. */
const WEBHOOK_BYTES = { least: 24, most: 64 }

/**
 * Says what is wrong with a webhook's signing key.
 *
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md Standard Webhooks}
 */
export function webhookSecretProblem(secret: string): string | undefined {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  if (!encoded) return 'must be whsec_ and base64'
  const { length } = Buffer.from(encoded, 'base64')
  if (length >= WEBHOOK_BYTES.least && length <= WEBHOOK_BYTES.most) return undefined
  return `must hold ${WEBHOOK_BYTES.least} to ${WEBHOOK_BYTES.most} bytes`
}
