import 'server-only'
import { z } from 'zod'

/** An authorization that has been started: its answer is checked against this. Sealed into the cookie of its flow. */
export const AuthorizationAttempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Seconds since the epoch. */
  startedAt: z.number(),
})

/** An authorization that has been started. */
export type AuthorizationAttempt = z.infer<typeof AuthorizationAttempt>
