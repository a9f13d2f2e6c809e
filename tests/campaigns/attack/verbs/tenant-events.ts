/**
 * Steps that prepare events for the application, as the tenant's event stream or an attacker sends them.
 * @module
 */
import { z } from 'zod'
import { type Verb, values, verb } from '../verb'

const identity = (id: string) => {
  const [provider = '', user_id = ''] = id.split('|')
  return { provider, user_id, connection: provider }
}

export const TENANT_EVENT_VERBS: Record<string, Verb> = {
  /** Stores a variable of the application's environment, such as a secret, under the name `as`. */
  'name secret': verb({ name: z.string(), as: z.string() }, async (run, { name, as }) => {
    run.values[as] = run.flow.demo.env[name]
  }),

  /**
   * Stores an event of the tenant as JSON under the name `as` (by default `EVENT`). It is about a user with this id and
   * these identities. `fields` replaces fields of the user, and `event` fields of the event. Each event has the current
   * time and another id.
   */
  'write event': verb(
    {
      type: z.string().optional(),
      user: z.string(),
      identities: z.array(z.string()).optional(),
      fields: values.optional(),
      event: values.optional(),
      as: z.string().optional(),
    },
    async (run, { type = 'user.updated', user, identities = [user], fields, event, as = 'EVENT' }) => {
      const object = { user_id: user, identities: identities.map(identity), ...fields }
      run.values[as] = JSON.stringify({
        ...{ specversion: '1.0', type, source: 'urn:auth0:example', time: new Date().toISOString() },
        ...{ id: `evt_${crypto.randomUUID()}`, data: { object }, a0tenant: 'example', a0stream: 'est_1' },
        ...event,
      })
    },
  ),
}
