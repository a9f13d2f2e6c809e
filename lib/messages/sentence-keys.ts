import 'server-only'

/** The keys of all sentences of a file, such as `prompt.title`. */
export function keysOf(file: unknown): string[] {
  if (typeof file !== 'object' || file === null) return []
  return Object.entries(file).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value).map((key) => `${name}.${key}`) : [name],
  )
}

/** The value that a file has for a key; undefined if it has none. */
export function sentenceAt(file: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (part, name) =>
        typeof part === 'object' && part !== null && Object.hasOwn(part, name)
          ? (part as Record<string, unknown>)[name]
          : undefined,
      file,
    )
}
