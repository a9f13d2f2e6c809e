/**
 * Steps in the tenant: its administrators, its faults and its clock.
 * @module
 */
import { z } from 'zod'
import { hash12 } from '@/core'
import { type Verb, values, verb } from '../verb'

export const TENANT_VERBS: Record<string, Verb> = {
  /** Applies faults from now on. */
  fault: verb({ rules: z.array(values) }, async (run, { rules }) => {
    await run.flow.tenant.faults(...rules)
  }),
  /** Ends all faults. */
  mend: verb({}, async (run) => {
    await run.flow.tenant.mend()
  }),
  /** Moves the tenant's clock. */
  clock: verb({ seconds: z.number() }, async (run, { seconds }) => {
    await run.flow.tenant.clock(seconds)
  }),
  /** Sets options of the tenant's behavior. */
  options: verb({ options: values }, async (run, { options }) => {
    await run.flow.tenant.options(options)
  }),
  /** Disables a connection for all clients except the linking client. Users stay, sessions end. */
  'disable connection': verb({ name: z.string() }, async (run, { name }) => {
    const { tenant } = run.flow
    const { users } = await tenant.world()
    const connections = (await tenant.connections()).map((connection) =>
      connection.name === name ? { ...connection, clients: ['linking'] } : connection,
    )
    await tenant.reset({ users, connections })
  }),
  /** Stores the handle of an identity under the name `as`. The page refers to the identity by this hash of its id. */
  'name identity': verb({ id: z.string(), as: z.string() }, async (run, { id, as }) => {
    run.values[as] = await hash12(id)
  }),
  /** Changes or removes a user, as an administrator would. */
  administer: verb(
    {
      method: z.enum(['PATCH', 'DELETE', 'POST']),
      user: z.string(),
      body: values.optional(),
      below: z.string().optional(),
    },
    async (run, { method, user, body, below }) => {
      await run.flow.tenant.administer(method, user, body, below)
    },
  ),
}
