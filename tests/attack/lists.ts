/**
 * Variants that are expanded from lists and generators, by name.
 * @module
 */

/** Sets of values for the `$names` of a case. */
export const LISTS: Record<string, () => Record<string, unknown>[]> = {}
