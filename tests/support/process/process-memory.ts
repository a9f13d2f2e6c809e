/** Deletes what `lib/process/process-memory.ts` keeps under these names, as if the process had just started. */
export function forgetProcessMemory(...names: string[]): void {
  for (const name of names) Reflect.deleteProperty(globalThis, Symbol.for(`account-linking.${name}`))
}
