import 'server-only'
import { z } from 'zod'

/** What the flow's sealed cookie keeps of a started authorization, to check its callback. `verifier` is for PKCE. */
export const AuthorizationAttempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Seconds since the epoch. */
  startedAt: z.number(),
})

/** An authorization that has been started. */
export type AuthorizationAttempt = z.infer<typeof AuthorizationAttempt>
