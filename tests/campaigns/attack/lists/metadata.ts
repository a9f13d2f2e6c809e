/**
 * Metadata that is too large, too deep, or unusual.
 * @module
 */

const nested = (levels: number, name: string): unknown =>
  levels === 0 ? 1 : { [name]: nested(levels - 1, name) }
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]))

/** Metadata that does not fit into the primary account's profile. */
export const tooMuchMetadata = (): { metadata: unknown }[] => [
  { metadata: { essay: 'x'.repeat(33_000) } },
  { metadata: { essay: '\u{1F600}'.repeat(2_500) } },
  { metadata: nested(1_000, 'level') },
  { metadata: many(100_000) },
  { metadata: { list: Array.from({ length: 5_000 }, () => 'same') } },
]

/** Metadata that fits, and has to arrive in the primary account unchanged. */
export const oddMetadata = (): { metadata: unknown }[] => [
  { metadata: { face: '\u{1F600}\u{1F468}\u200D\u{1F469}', nfd: 'e\u0301', zero: '\u0000x' } },
  { metadata: { list: [1, 1, null, 'a', 'a', [], {}] } },
  { metadata: { no: false, nothing: 0, empty: '', map: {}, array: [] } },
  { metadata: nested(400, 'a') },
  { metadata: { 'a b': 1, ü: 2, '"': 3, length: 4, toString: 5, hasOwnProperty: 6 } },
]
