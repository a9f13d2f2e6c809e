import 'server-only'
import { LinkingError, type SettingsRefusal } from '../../core/errors'
import { ManagementApiError } from '../auth0/management-api-error'

/** Something a person asked for on their own page that is not done. Nothing was changed, unless the code says otherwise. */
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
 * The code of an error that a person can be told about.
 *
 * @throws The error itself, where it is none of those.
 */
export function refusalOf(error: unknown): SettingsRefusal {
  if (error instanceof Refused || error instanceof LinkingError || error instanceof ManagementApiError)
    return error.code
  throw error
}

/** What comes of work, or the code that a person is told. Other errors pass through. */
export async function orRefusal<Result>(work: Promise<Result>): Promise<Result | SettingsRefusal> {
  try {
    return await work
  } catch (error) {
    return refusalOf(error)
  }
}
