import { z } from 'zod'
import type { Run } from './run'

/** A kind of step in a case. */
export interface Verb {
  do(run: Run, args: unknown): Promise<void>
}

/**
 * Makes a verb that accepts arguments of exactly one shape.
 *
 * @param shape - The step's other fields.
 * @param work - What the step does; an error fails the case.
 */
export function verb<Shape extends z.ZodRawShape>(
  shape: Shape,
  work: (run: Run, args: z.infer<z.ZodObject<Shape>>) => Promise<void>,
): Verb {
  const Args = z.strictObject(shape)
  return {
    async do(run, args) {
      const checked = Args.safeParse(args)
      if (!checked.success) throw new Error(`an invalid step: ${z.prettifyError(checked.error)}`)
      await work(run, checked.data as z.infer<z.ZodObject<Shape>>)
    },
  }
}

/** The browser's name; by default `B1`. */
export const jar = z.string().optional()
export const values = z.record(z.string(), z.unknown())
export const texts = z.record(z.string(), z.string())
