import 'server-only'
import { AccountLinkingError, LinkingError, type SettingsRefusal } from '../../core/errors'
import { ManagementApiError } from '../auth0/management-api-error'

/**
 * Thrown if we refuse a change on the page "Sign-in methods", or a link or an undo by an operator. No account was linked or
 * unlinked; with `outcome_unknown` that is not certain.
 */
export class SettingsRefusedError extends AccountLinkingError<SettingsRefusal> {
  override readonly name = 'Refused'
}

/** The result of something that a person wanted to do, or the code of its refusal. */
export type Outcome<Result> =
  | { done: Result; refused?: undefined }
  | { done?: undefined; refused: SettingsRefusal }

/**
 * The code of an error that pages can explain to people: {@link SettingsRefusedError}, {@link LinkingError} or
 * {@link ManagementApiError}.
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
