/**
 * Numbers in query strings of the Management API.
 * @module
 */
import { z } from 'zod'

/**
 * A schema for an optional whole number, written in digits. Any other text, including an empty one, is refused as not an
 * integer.
 *
 * @param minimum - The smallest value allowed.
 * @param maximum - The largest value allowed.
 */
export function wholeNumber(
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): z.ZodOptional<z.ZodType<number>> {
  const toNumber = (text: unknown) => (typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : text)
  return z.preprocess(toNumber, z.number().int().min(minimum).max(maximum)).optional()
}
