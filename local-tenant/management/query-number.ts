/**
 * Numbers in queries of the Management API.
 * @module
 */
import { z } from 'zod'

/**
 * A whole number written in digits. Every other text, the empty one too, is refused as no integer.
 *
 * @param minimum - The least that it may be.
 * @param maximum - The most that it may be.
 */
export function wholeNumber(
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): z.ZodOptional<z.ZodType<number>> {
  const toNumber = (text: unknown) => (typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : text)
  return z.preprocess(toNumber, z.number().int().min(minimum).max(maximum)).optional()
}
