import 'server-only'
import { AccountLinkingError, LinkingError, type SettingsRefusal } from '../../core/errors'
import { ManagementApiError } from '../auth0/management-api-error'

/** A refusal of something that a person asked for on their own page. Nothing was changed, unless the code says otherwise. */
export class Refused extends AccountLinkingError<SettingsRefusal> {
  override readonly name = 'Refused'
}

/** What came of something that a person asked for: its result, or why it was refused. */
export type Outcome<Result> =
  | { done: Result; refused?: undefined }
  | { done?: undefined; refused: SettingsRefusal }

/**
 * The code of an error that has words for people.
 *
 * @throws The error itself, if it is any other.
 */
export function refusalOf(error: unknown): SettingsRefusal {
  if (error instanceof Refused || error instanceof LinkingError || error instanceof ManagementApiError)
    return error.code
  throw error
}

/** The result of work, or the code of its refusal. Other errors pass through. */
export async function outcomeOf<Result>(work: Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { done: await work }
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}
