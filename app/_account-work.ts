import 'server-only'
import type { LoadAccountWorkWith } from '@/lib/link-flow/services'

/** Loads what background work does with accounts, once there is some: the answers to a login go without it. */
export const loadAccountWork: LoadAccountWorkWith = async (services) =>
  (await import('@/lib/sign-in-methods/account-work')).accountWork(services)
