/** Removes what the process remembers under these names, as if it had just started. */
export function forgetProcessMemory(...names: string[]): void {
  for (const name of names) Reflect.deleteProperty(globalThis, Symbol.for(`account-linking.${name}`))
}
