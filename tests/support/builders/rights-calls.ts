/**
 * A stand-in for the Management API calls about rights, for tests of the rules.
 * @module
 */
import type { RightsCalls } from '@/core'

/** An API call for comparison: method, path with its query, and the body if there is one. */
export type RightsCall = [method: string, path: string, body?: unknown]

/**
 * A Management API that returns what a test specifies.
 *
 * @param answers - The JSON of each response, by method and path without the query. A list is returned page by page, and a
 *   function receives the query and returns the JSON. A GET without an entry fails with 404.
 * @param granted - The scopes that the operator granted; by default all.
 */
export function someRightsCalls(answers: Record<string, unknown> = {}, granted?: readonly string[]) {
  const calls: RightsCall[] = []
  const api: RightsCalls = {
    async call(method, path, body) {
      calls.push(body === undefined ? [method, path] : [method, path, body])
      const [name = '', query] = path.split('?')
      const answer = answers[`${method} ${name}`]
      if (typeof answer === 'function') return answer(new URLSearchParams(query))
      if (answer === undefined && method === 'GET') throw { status: 404 }
      if (!Array.isArray(answer)) return answer
      const { page, per_page: size } = Object.fromEntries(new URLSearchParams(query))
      return answer.slice(Number(page ?? 0) * Number(size), (Number(page ?? 0) + 1) * Number(size))
    },
    isGranted: async (scopes) => scopes.every((scope) => granted?.includes(scope) ?? true),
  }
  return { ...api, calls, names: () => calls.map(([method, path]) => `${method} ${path}`) }
}
