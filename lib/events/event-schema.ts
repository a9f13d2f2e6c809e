/**
 * The payload of each event, defined once: the types of the code, and the JSON Schema that we publish, are made from it.
 *
 * @see docs/events.md
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { AccountEventType } from './account-event'

/** Path at which the service serves the JSON Schema. A change that breaks receivers needs a new version number in it. */
export const SCHEMA_PATH = '/events/schema/v1'

const Notice = z.object({ subject: z.string(), text: z.string() })

/** Fields of the `data` of every event. */
const Common = z.object({
  user_id: z.string().describe('The account that stays, or that it happened to: `provider|id`'),
  other_user_id: z.string().optional().describe('The other account or identity: `provider|id`'),
  connection: z.string().optional().describe('Connection of the other account'),
  provider: z.string().optional().describe('Provider of the other account'),
  way: z.string().describe('Where it happened, and how the other account was proven'),
  client_id: z.string().optional().describe('Application at which it happened'),
  client_name: z.string().optional().describe('Name of that application'),
  email: z.string().optional().describe('Email address of `user_id`; only with EVENTS_INCLUDE_EMAIL=1'),
  other_email: z.string().optional().describe('The same of `other_user_id`'),
})

/** Fields that only some types of events have. */
const SOME = {
  reason: z.string().describe('Code of a refusal, or the reason that an operator gave'),
  operator: z.string().describe('User id of the operator who looked or acted'),
  act: z.string().describe('What the operator did'),
  never: z.boolean().optional().describe('Whether the person declined for good'),
  held_back: z.array(z.string()).optional().describe('Names of metadata keys that only you can give back'),
  notice: Notice.describe("A mail for the account's owner, which can be sent as it is"),
}
const { reason, operator, act, never, held_back, notice } = SOME

/** The `data` of each type of event. */
const DATA_OF = {
  'account.linked': Common.extend({ notice }),
  'account.unlinked': Common.extend({ held_back, notice }),
  'account.restored': Common.extend({ held_back, notice }),
  'account.removed': Common.extend({ notice }),
  'account.link_refused': Common.extend({ reason }),
  'account.link_declined': Common.extend({ never }),
  'account.link_disputed': Common,
  'account.change_disputed': Common,
  'operator.looked': Common.extend({ operator, reason }),
  'operator.acted': Common.extend({ operator, act, reason }),
} satisfies Record<AccountEventType, z.ZodObject>

const payload = <Type extends AccountEventType>(type: Type) =>
  z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().describe('When it happened'),
    data: DATA_OF[type],
  })

/** The payload of an event of any type. */
export const AnyEvent = z.discriminatedUnion('type', [
  payload('account.linked'),
  payload('account.unlinked'),
  payload('account.restored'),
  payload('account.removed'),
  payload('account.link_refused'),
  payload('account.link_declined'),
  payload('account.link_disputed'),
  payload('account.change_disputed'),
  payload('operator.looked'),
  payload('operator.acted'),
])

/** The payload of an event, for code that handles all types alike. JSON leaves out the fields that are undefined. */
export interface EventPayload {
  type: AccountEventType
  /** When it happened, ISO 8601. */
  timestamp: string
  data: z.infer<typeof Common> & Partial<z.infer<z.ZodObject<typeof SOME>>>
}

/**
 * The JSON Schema of all payloads. It allows further fields, because later versions may add some.
 *
 * @see {@link https://json-schema.org/draft/2020-12/schema JSON Schema, draft 2020-12}
 */
export const eventSchema = () => z.toJSONSchema(AnyEvent, { io: 'input' })
