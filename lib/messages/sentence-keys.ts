import 'server-only'

/** The keys of all sentences of a file: `prompt.title`. Names hold no dot. */
export function keysOf(file: unknown): string[] {
  if (typeof file !== 'object' || file === null) return []
  return Object.entries(file).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value).map((key) => `${name}.${key}`) : [name],
  )
}

/** What a file has under a key; undefined if it has nothing there. */
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
