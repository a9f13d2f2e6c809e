/**
 * References to accounts in the console's URLs. User ids of some connections contain email addresses, so a URL holds a sealed
 * reference instead. It works only in the session that it was made for.
 * @module
 */
import 'server-only'
import type { z } from 'zod'
import type { ConsoleServices } from './services'
import { type ConsoleSession, SESSION_SECONDS } from './session'

const purposeOf = ({ id }: ConsoleSession, kind: string) => `console-${kind} ${id}`

/**
 * Seals a value for a URL or a form of one session.
 *
 * @param kind - What the value is, such as `person`. {@link fromReference} opens it only with the same kind.
 */
export const toReference = (
  { sealer }: Pick<ConsoleServices, 'sealer'>,
  session: ConsoleSession,
  kind: string,
  value: unknown,
): Promise<string> => sealer.seal(purposeOf(session, kind), value, session.since + SESSION_SECONDS)

/** The value in a reference; undefined if it is not a valid reference, or belongs to another session or has another kind. */
export async function fromReference<Shape extends z.ZodType>(
  { sealer }: Pick<ConsoleServices, 'sealer'>,
  session: ConsoleSession,
  kind: string,
  reference: string | undefined,
  shape: Shape,
): Promise<z.infer<Shape> | undefined> {
  if (!reference) return undefined
  return shape.safeParse(await sealer.unseal(purposeOf(session, kind), reference)).data
}
