import 'server-only'
import { LinkingError, type SettingsRefusal } from '../../core/errors'
import { ManagementApiError } from '../auth0/management-api-error'

/** A refusal of something that a person asked for on their own page. Nothing was changed, unless the code says otherwise. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly code: SettingsRefusal,
    options?: { cause?: unknown },
  ) {
    super(code, options)
  }
}

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
export async function orRefusal<Result>(work: Promise<Result>): Promise<Result | SettingsRefusal> {
  try {
    return await work
  } catch (error) {
    return refusalOf(error)
  }
}
