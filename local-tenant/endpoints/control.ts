/**
 * The control API, under `/_tenant`. Tests drive the tenant through it.
 * @module
 */
import { KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { FaultRules } from '../control/faults'
import { fillWorld } from '../control/fill-world'
import { type MintKey, mint, mintKeyOfJwk } from '../control/mint'
import { openSessions } from '../control/open-sessions'
import { receiveAdoption, receiveEvent } from '../control/receive-event'
import { ownPagesOnly } from '../own-hosts'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import { exportWorld } from '../world/export-world'
import { Fill } from '../world/fill'
import { OptionsChange } from '../world/options'
import { World } from '../world/world'
import { inspector } from './inspector'

const Clock = z.strictObject({ offset_seconds: z.number() })

const Sessions = z.strictObject({
  user_id: z.string(),
  count: z.number().int().nonnegative().max(10_000),
  refresh_tokens: z.number().int().nonnegative().max(10_000).default(0),
})

const Keys = z.strictObject({ keep: z.boolean() })

const Mint = z
  .strictObject({
    claims: z.json().optional(),
    /**
     * A payload as text, signed unchanged. With it, a test can sign JSON that no object can express, such as a name that
     * appears twice.
     */
    payload: z.string().optional(),
    header: z.record(z.string(), z.json()).optional(),
    key: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
  })
  .refine(({ claims, payload }) => (claims === undefined) !== (payload === undefined), {
    error: 'give either claims or payload',
  })

/** Thrown for a request to the control API that is not valid. */
class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

/** Builds the control API and the inspector. The routes have full paths: mount the result at `/`. */
export function controlApi(state: TenantState): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.use('/_tenant/*', loopbackOnly(), ownPagesOnly())
  app.route('/', inspector(state))

  app.post('/_tenant/reset', async (context) => {
    // The inspector's button posts a form, so the browser needs a page in return.
    if (context.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
      state.reset()
      return context.redirect('/_tenant/', 303)
    }
    const world = await read(context, World, {})
    refuseErrors(() => state.reset(world))
    return context.json({ ok: true })
  })

  app.get('/_tenant/world', (context) => context.json(exportWorld(state)))

  app.get('/_tenant/ledger', (context) => {
    const since = Number(context.req.query('since') ?? 0)
    if (!Number.isInteger(since)) throw new BadRequest('since: must be the number of a call')
    return context.json(state.ledger.filter(({ n }) => n > since))
  })

  app.post('/_tenant/faults', async (context) => {
    const rules = await read(context, FaultRules)
    state.faults.push(...rules.map((rule) => ({ rule, seen: 0, played: 0 })))
    return context.json({ ok: true, active: state.faults.length })
  })

  app.delete('/_tenant/faults', (context) => {
    state.faults = []
    return context.json({ ok: true, active: 0 })
  })

  app.post('/_tenant/clock', async (context) => {
    state.clockOffset = (await read(context, Clock)).offset_seconds
    return context.json({ offset_seconds: state.clockOffset, now: new Date(state.now()).toISOString() })
  })

  app.post('/_tenant/fill', async (context) => {
    const input = await read(context, Fill)
    return context.json(refuseErrors(() => fillWorld(state, input)))
  })

  app.post('/_tenant/sessions', async (context) => {
    const { user_id, count, refresh_tokens } = await read(context, Sessions)
    return context.json(refuseErrors(() => openSessions(state, user_id, count, refresh_tokens)))
  })

  app.post('/_tenant/options', async (context) => {
    state.changeOptions(await read(context, OptionsChange))
    return context.json(state.options)
  })

  app.post('/_tenant/keys', async (context) => {
    await state.signer.rotate((await read(context, Keys)).keep)
    return context.json(state.signer.jwks())
  })

  app.post('/_tenant/mint', async (context) => {
    const { claims, payload, header = {}, key = 'shared' } = await read(context, Mint)
    const text = payload ?? JSON.stringify(claims)
    return context.json({ token: refuseErrors(() => mint(text, header, mintKey(state, key))) })
  })

  app.get('/_tenant/codes', (context) => {
    const email = context.req.query('email')
    return context.json(state.sentCodes.filter((sent) => email === undefined || sent.email === email))
  })

  app.get('/_tenant/mails', (context) => {
    const to = context.req.query('to')
    const sent = [...state.sentMails, ...state.mails]
    return context.json(sent.filter((mail) => to === undefined || mail.to === to))
  })

  app.post('/_tenant/events', async (context) => {
    receiveEvent(state, context.req.raw.headers, await read(context, z.json()))
    return context.json({ ok: true })
  })

  app.get('/_tenant/events', (context) => context.json(state.events))

  app.post('/_tenant/adoptions', async (context) => {
    receiveAdoption(state, context.req.raw.headers, await read(context, z.json()))
    const { status, delay_ms } = state.options.adoption
    await sleep(delay_ms)
    return new Response(null, { status })
  })

  app.get('/_tenant/adoptions', (context) => context.json(state.adoptions))

  app.get('/_tenant/deliveries', (context) => context.json(state.deliveries))

  app.get('/_tenant/transactions', (context) => context.json(state.listTransactions()))

  app.all('/_tenant/*', (context) =>
    context.json(
      { error: 'not_found', message: `No such call: ${context.req.method} ${context.req.path}` },
      404,
    ),
  )
  app.onError((error, context) => {
    if (!(error instanceof BadRequest)) throw error
    return context.json({ error: 'bad_request', message: error.message }, 400)
  })
  return app
}

/**
 * Refuses requests that do not come from a loopback address. The servers listen on loopback only; this check also covers
 * connections that this machine forwards from elsewhere.
 */
function loopbackOnly(): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    const peer = context.env?.incoming?.socket.remoteAddress
    if (peer !== undefined && !/^(127\.|::1$|::ffff:127\.)/.test(peer)) {
      return context.json(
        { error: 'forbidden', message: 'The control API answers calls from loopback only.' },
        403,
      )
    }
    await next()
  }
}

async function read<Schema extends z.ZodType>(
  context: Context<TenantEnv>,
  schema: Schema,
  whenEmpty?: unknown,
): Promise<z.output<Schema>> {
  const text = await context.req.text()
  const body = text === '' ? whenEmpty : refuseErrors((): unknown => JSON.parse(text))
  const result = schema.safeParse(body)
  if (!result.success) throw new BadRequest(z.prettifyError(result.error))
  return result.data
}

function refuseErrors<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new BadRequest(error instanceof Error ? error.message : String(error))
  }
}

function mintKey(state: TenantState, key: string | Record<string, unknown>): MintKey {
  if (typeof key !== 'string') return mintKeyOfJwk(key)
  if (key === 'shared') return { secret: state.sharedSecret }
  if (key === 'tenant') return { key: KeyObject.from(state.signer.privateKey), kid: state.signer.kid }
  return { secret: key }
}
