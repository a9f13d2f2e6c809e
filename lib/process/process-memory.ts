import 'server-only'

/**
 * One value for the whole process. A module is bundled once per route, so a module variable would be one value per
 * route; `globalThis` is what they share.
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
