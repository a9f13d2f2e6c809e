import 'server-only'
import { z } from 'zod'

/** An authorization that has been started. The callback is checked against it. The flow's sealed cookie holds it. */
export const AuthorizationAttempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Seconds since the epoch. */
  startedAt: z.number(),
})

/** An authorization that has been started. */
export type AuthorizationAttempt = z.infer<typeof AuthorizationAttempt>
