/**
 * Starts a local tenant.
 * @module
 */
import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { z } from 'zod'
import { ActionRuntime } from './actions/action-runtime'
import { createCertificates } from './certificates'
import { startEventStreams } from './control/event-streams'
import { startSmtpSink } from './control/smtp-sink'
import { createTenant } from './create-tenant'
import { markDotSegment } from './dot-segments'
import { fetchTrusting } from './fetch-trusting'
import { listen } from './listen'
import { otherApplication } from './other-application'
import type { ActionSecret } from './settings'
import { TenantState } from './state'
import { createSigner } from './tokens'
import { World } from './world/world'

/** Secrets of Actions, with Auth0's limits for names and values. */
const Secrets = z.record(
  z.string().max(128),
  z.union([
    z.string().max(4096),
    z.strictObject({ id_of: z.string() }),
    z.strictObject({ secret_of: z.string() }),
  ]),
)

/** How to start a tenant. Port 0 means any free port. */
export interface StartOptions {
  /** Host of the linking service, the app under development. */
  appHost: string
  appPort: number
  tenantPort: number
  tenantTlsPort: number
  /** Whether the linking service uses TLS; http by default. */
  isAppTls?: boolean
  /** Whether the login domain uses TLS, as at Auth0; http by default. */
  isLoginTls?: boolean
  otherPort: number
  /** Origin of the example application; without it the tenant does not have that application. */
  exampleOrigin?: string | undefined
  /** Port of the SMTP sink; any free port by default. */
  smtpPort?: number
  /** Absolute paths of the post-login Actions, in order. */
  actions: string[]
  /** Secrets that the Actions get in addition to the built-in ones. */
  secrets?: Record<string, ActionSecret>
  /** The users, connections and options to start with, instead of those of the demo world. */
  world?: World
  /** The bearer token of an event stream to the linking service's `/auth0-events`; without it there is no such stream. */
  eventStreamToken?: string
  /** Path to write the CA's certificate to; in a new temporary directory by default. */
  caFile?: string
  /** How long the Actions of a login may take together, in milliseconds. */
  actionTimeLimit?: number
}

/** A running tenant. Origins have no trailing slash. */
export interface RunningTenant {
  state: TenantState
  loginOrigin: string
  canonicalOrigin: string
  otherOrigin: string
  /** Address of the SMTP sink. */
  smtpUrl: string
  /** Absolute path of the CA certificate that clients must trust. */
  caFile: string
  /** Key and certificate for the loopback names, PEM, for an application that uses TLS. */
  tls: { key: string; cert: string }
  /** Stops everything that the tenant started. */
  close(): Promise<void>
}

/**
 * Starts the servers of the login domain, the canonical domain and the other application, and the SMTP sink. They listen on
 * loopback only. The process for Actions starts when the first Action runs.
 *
 * @param options - Ports, hosts, Actions and world.
 * @throws {Error} If `NODE_ENV` is `production`, because anyone can sign in here as any user; if the secrets or the world
 *   are not valid; or if a port is taken.
 */
export async function startTenant(options: StartOptions): Promise<RunningTenant> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('The local tenant is for development and does not start under NODE_ENV=production.')
  }
  const secrets = checked('secrets', Secrets, options.secrets ?? {})
  const world = options.world && checked('world', World, options.world)
  const certificates = await createCertificates(options.appHost, options.caFile)
  // The handlers need the ports, so the servers listen before the handlers exist.
  const answers: { tenant?: RequestListener; other?: RequestListener; state?: TenantState } = {}
  const closers: (() => unknown)[] = [certificates.remove]
  const close = async () => {
    await Promise.all(closers.map((closer) => closer()))
  }
  const bind = async (...[port, ...rest]: Parameters<typeof listen>) => {
    const listener = await listen(port, ...rest)
    closers.push(listener.close)
    return listener.port
  }
  try {
    const { key, cert, caFile } = certificates
    const tenantPort = await bind(
      options.tenantPort,
      (...call) => answers.tenant?.(...call),
      options.isLoginTls ? { tls: certificates } : {},
    )
    const tlsPort = await bind(options.tenantTlsPort, (...call) => answers.tenant?.(...call), {
      tls: certificates,
    })
    const otherPort = await bind(options.otherPort, (...call) => answers.other?.(...call), {
      isIpv4Only: true,
    })
    const sink = await startSmtpSink(() => answers.state, options.smtpPort ?? 0)
    closers.push(sink.close)
    const settings = {
      loginOrigin: `${options.isLoginTls ? 'https' : 'http'}://localhost:${tenantPort}`,
      canonicalOrigin: `https://localhost:${tlsPort}`,
      otherOrigin: `http://127.0.0.1:${otherPort}`,
      appOrigin: `${options.isAppTls ? 'https' : 'http'}://${options.appHost}:${options.appPort}`,
      exampleOrigin: options.exampleOrigin,
      secrets,
      actions: options.actions,
      world,
      eventStreamToken: options.eventStreamToken,
    }
    const state = new TenantState(settings, await createSigner())
    answers.state = state
    const actions = new ActionRuntime(workerFile(), caFile, options.actionTimeLimit)
    closers.push(() => actions.close())
    const fetchWithCa = fetchTrusting(readFileSync(caFile, 'utf8'))
    startEventStreams(state, fetchWithCa)
    answers.other = getRequestListener(otherApplication(state, fetchWithCa).fetch)
    const answer = getRequestListener(createTenant(state, actions).fetch)
    answers.tenant = (request, response) => {
      request.url = markDotSegment(request.url ?? '')
      return answer(request, response)
    }
    const { loginOrigin, canonicalOrigin, otherOrigin } = settings
    const smtpUrl = `smtp://127.0.0.1:${sink.port}`
    return { state, loginOrigin, canonicalOrigin, otherOrigin, smtpUrl, caFile, tls: { key, cert }, close }
  } catch (error) {
    await close()
    throw error
  }
}

function checked<Schema extends z.ZodType>(name: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Error(`The ${name} cannot be used: ${z.prettifyError(result.error)}`)
}

/**
 * Returns the path of the built `action-worker.js`. It is in the folder of this file if this file is a bundle, otherwise in
 * `dist`.
 */
function workerFile(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return join(here, basename(here) === 'dist' ? '' : 'dist', 'action-worker.js')
}
