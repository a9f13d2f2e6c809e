import 'server-only'
import type { ManagementApi } from '../../auth0/management-api'
import type { ConsoleServices } from '../services'

/** What an act would do to the accounts as they were just read, and the function that carries it out. */
export interface ActPlan {
  /** Sentences that say what will happen. */
  effects: string[]
  /** A hash of everything that the act depends on. The act is carried out only if the hash is still the same as in the preview. */
  digest: string
  /**
   * Carries out the act.
   *
   * @returns User id of the account to show afterwards, if it is not the `userId` of the act.
   * @throws {SettingsRefusedError} Nothing was changed, unless the code says otherwise (`outcome_unknown`).
   */
  carryOut(): Promise<{ shown?: string }>
}

/**
 * Plans one kind of act.
 *
 * @param target - The `target` of the act.
 * @throws {SettingsRefusedError} If the act is not possible now.
 * @throws {ManagementApiError}
 */
export type PlanAct = (
  services: ConsoleServices,
  api: ManagementApi,
  userId: string,
  target: string,
) => Promise<ActPlan>

/** Joins names for a sentence. */
export const named = (names: readonly string[]): string => names.join(', ')
