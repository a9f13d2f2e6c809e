import 'server-only'
import type { ManagementApi } from '../../auth0/management-api'
import type { ConsoleServices } from '../services'

/** What an act would do, as read a moment ago, and how it is done. */
export interface ActPlan {
  /** What will happen, one sentence each. */
  effects: string[]
  /** Changes with everything that the act depends on. The act is done only if it is still the same. */
  digest: string
  /**
   * Does it.
   *
   * @returns The account to show afterwards, if it is another one.
   * @throws {Refused} Nothing was changed, unless the code says otherwise.
   */
  carryOut(): Promise<{ shown?: string }>
}

/**
 * Plans one kind of act.
 *
 * @param target - As the act names it.
 * @throws {Refused} If it cannot be done now.
 * @throws {ManagementApiError}
 */
export type PlanAct = (
  services: ConsoleServices,
  api: ManagementApi,
  userId: string,
  target: string,
) => Promise<ActPlan>

/** Names in a sentence. */
export const named = (names: readonly string[]): string => names.join(', ')
