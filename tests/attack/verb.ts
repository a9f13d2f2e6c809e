import { z } from 'zod'
import type { Run } from './run'

/** Something that a step of a case does. */
export interface Verb {
  do(run: Run, args: unknown): Promise<void>
}

/**
 * Makes a verb that takes arguments of one shape and no others.
 *
 * @param shape - The step's other fields.
 * @param work - What it does; what it throws fails the case.
 */
export function verb<Shape extends z.ZodRawShape>(
  shape: Shape,
  work: (run: Run, args: z.infer<z.ZodObject<Shape>>) => Promise<void>,
): Verb {
  const Args = z.strictObject(shape)
  return {
    async do(run, args) {
      const checked = Args.safeParse(args)
      if (!checked.success) throw new Error(`a step that is none: ${z.prettifyError(checked.error)}`)
      await work(run, checked.data as z.infer<z.ZodObject<Shape>>)
    },
  }
}

/** Which browser: `B1` where nothing is said. */
export const jar = z.string().optional()
export const values = z.record(z.string(), z.unknown())
export const texts = z.record(z.string(), z.string())
