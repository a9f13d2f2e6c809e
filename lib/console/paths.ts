import 'server-only'
import { toReference } from './references'
import type { ConsoleServices } from './services'
import type { ConsoleSession } from './session'

/** The console's first page. */
export const HOME = '/console'
export const SIGN_IN = '/console/sign-in'
export const SIGN_OUT = '/console/sign-out'
export const ACT = '/console/act'
export const SEARCH = '/console/search'
export const CALLBACK = '/console/callback'

/** Longest path with its query, in characters. A cookie holds it during a sign-in. */
const MAX_PATH = 1_000

/** Whether a path, perhaps with a query, is one of the console's. */
export const isConsolePath = (path: string): boolean =>
  path.length <= MAX_PATH && /^\/console(?:[/?]|$)/.test(path) && !/[\\\s]/.test(path)

/** The path of an account's page, for one session. */
export const personPath = async (
  services: Pick<ConsoleServices, 'sealer'>,
  session: ConsoleSession,
  userId: string,
): Promise<`/${string}`> => `/console/person/${await toReference(services, session, 'person', userId)}`
