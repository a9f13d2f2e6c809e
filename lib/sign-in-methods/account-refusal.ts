import 'server-only'
import { AccountLinkingError, LinkingError, type SettingsRefusal } from '../../core/errors'
import { ManagementApiError } from '../auth0/management-api-error'

/** A refusal of something that a person wants to do on the page "Sign-in methods". Nothing was changed, unless the code says so. */
export class SettingsRefusedError extends AccountLinkingError<SettingsRefusal> {
  override readonly name = 'Refused'
}

/** The result of something that a person wanted to do, or the code of its refusal. */
export type Outcome<Result> =
  | { done: Result; refused?: undefined }
  | { done?: undefined; refused: SettingsRefusal }

/**
 * The code of an error for which there is a text for people.
 *
 * @throws Any other error, unchanged.
 */
export function refusalOf(error: unknown): SettingsRefusal {
  if (
    error instanceof SettingsRefusedError ||
    error instanceof LinkingError ||
    error instanceof ManagementApiError
  )
    return error.code
  throw error
}

/** Waits for `work`, and returns its result or the code of its refusal. Throws other errors unchanged. */
export async function outcomeOf<Result>(work: Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { done: await work }
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}
