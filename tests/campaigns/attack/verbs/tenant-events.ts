/**
 * Steps of an event stream of the tenant, and of anyone who would like to be one.
 * @module
 */
import { z } from 'zod'
import { type Verb, values, verb } from '../verb'

const identity = (id: string) => {
  const [provider = '', user_id = ''] = id.split('|')
  return { provider, user_id, connection: provider }
}

export const TENANT_EVENT_VERBS: Record<string, Verb> = {
  /** Names a secret of the application's environment. */
  'name secret': verb({ name: z.string(), as: z.string() }, async (run, { name, as }) => {
    run.values[as] = run.flow.demo.env[name]
  }),

  /**
   * Names an event of the tenant as a text, `$EVENT`: a user of this id with these identities, or `fields` of the user and of the event
   * instead. An event is dated now, and each has an id of its own.
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
