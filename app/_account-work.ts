import 'server-only'
import type { LoadAccountWorkWith } from '@/lib/link-flow/services'

/** Loads the handlers of background jobs on accounts when the first such job runs. Responses to a login do not need them. */
export const loadAccountWork: LoadAccountWorkWith = async (services) =>
  (await import('@/lib/sign-in-methods/account-work')).accountWork(services)
