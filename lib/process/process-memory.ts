import 'server-only'

/**
 * Returns a value that exists once in the whole process. Next.js bundles a module once per route, so a module variable would
 * exist once per route. The bundles share only `globalThis`.
 *
 * @param name - Names the value, once in the code base.
 * @param create - Makes the value on first use.
 */
export function processMemory<Value>(name: string, create: () => Value): Value {
  const shared = globalThis as { [key: symbol]: Value | undefined }
  const key = Symbol.for(`account-linking.${name}`)
  const value = shared[key] ?? create()
  shared[key] = value
  return value
}
