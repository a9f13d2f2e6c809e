/**
 * The part of the Management API that rights take, for tests of the rules.
 * @module
 */
import type { RightsCalls } from '@/core'

/** A call as a test compares it: method, path with its query, and the body if there is one. */
export type RightsCall = [method: string, path: string, body?: unknown]

/**
 * A Management API that answers what a test says, and nothing else.
 *
 * @param answers - The JSON of each answer, by method and path without the query; a list is given page by page. A function answers
 *   for itself. A call without an answer fails with 404.
 * @param granted - The scopes that the operator granted; all by default.
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
