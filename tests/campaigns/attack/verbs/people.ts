/**
 * Steps about accounts: which ones exist, their contents, and the requests to the tenant about them.
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { hash12 } from '../../../../core/hash'
import { type Verb, values, verb } from '../verb'

const OURS = /^account_linking(_|$)/
const metadata = values.optional()

export const PEOPLE_VERBS: Record<string, Verb> = {
  /**
   * Resets the tenant with users and connections changed by id and name, and with additional users. Clears the ledger.
   */
  people: verb(
    {
      change: z.record(z.string(), values).optional(),
      add: z.array(values).optional(),
      connections: z.record(z.string(), values).optional(),
    },
    async ({ flow: { tenant } }, { change = {}, add = [], connections = {} }) => {
      const { users } = await tenant.world()
      const ways = await tenant.connections()
      await tenant.reset({
        users: [...users.map((user) => ({ ...user, ...change[user.user_id] })), ...add],
        connections: ways.map((way) => ({ ...way, ...connections[way.name] })),
      })
    },
  ),

  /** Resets the tenant to a world with these organizations. The application keeps what it has cached. */
  organizations: verb({ list: z.array(values) }, async (run, { list }) => {
    await run.flow.tenant.reset({ organizations: list })
    run.values.begun = 0
  }),

  /** Resets the tenant. The application keeps what it has cached. */
  reset: verb({}, async (run) => {
    await run.flow.tenant.reset()
    run.values.begun = 0
  }),

  /** Checks all metadata of a user except our own keys. */
  metadata: verb(
    { user: z.string(), user_metadata: metadata, app_metadata: metadata },
    async (run, { user, ...wanted }) => {
      const found = await run.flow.tenant.user(user)
      if (!found) throw new Error(`there is no ${user}`)
      for (const [kind, value] of Object.entries(wanted)) {
        const all = Object.entries(found[kind as keyof typeof wanted] ?? {})
        const foreign = Object.fromEntries(all.filter(([name]) => !OURS.test(name)))
        if (!isDeepStrictEqual(foreign, value))
          throw new Error(`${kind} of ${user} is ${JSON.stringify(foreign).slice(0, 200)}`)
      }
    },
  ),

  /** Stores the handle of an account or identity under the name `as`. Forms refer to it by this hash of its id. */
  handle: verb({ of: z.string(), as: z.string() }, async (run, { of, as }) => {
    run.values[as] = await hash12(of)
  }),

  /**
   * Checks the requests to the tenant since the steps began, each as `METHOD path [query, body]` with a decoded path: texts
   * that one of them contains, and texts that none contains.
   */
  asked: verb(
    { has: z.array(z.string()).optional(), lacks: z.array(z.string()).optional() },
    async (run, { has = [], lacks = [] }) => {
      const calls = (await run.ledgerSince(Number(run.values.begun))).map(
        ({ method, path, query, body }) =>
          `${method} ${decodeURIComponent(path)} ${JSON.stringify([query, body])}`,
      )
      for (const each of has)
        if (!calls.some((call) => call.includes(each))) throw new Error(`the tenant did not receive ${each}`)
      for (const each of lacks) {
        const found = calls.find((call) => call.includes(each))
        if (found) throw new Error(`the tenant received ${found.slice(0, 200)}`)
      }
    },
  ),
}
