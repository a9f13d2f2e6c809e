/** The start of the names under which `lib/process/process-memory.ts` keeps values. */
const PREFIX = 'account-linking.'

/** Deletes what `lib/process/process-memory.ts` keeps under these names, as if the process had just started. */
export function forgetProcessMemory(...names: string[]): void {
  for (const name of names) forget(Symbol.for(PREFIX + name))
}

/** Deletes everything that `lib/process/process-memory.ts` keeps. */
export function forgetAllProcessMemory(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (Symbol.keyFor(key)?.startsWith(PREFIX)) forget(key)
}

function forget(key: symbol): void {
  const value: unknown = Reflect.get(globalThis, key)
  // Each job that waits in this process has a timer, and would be tried during a later test.
  if (value instanceof Map) for (const each of value.values()) clearTimeout(Object(each).timer)
  Reflect.deleteProperty(globalThis, key)
}
