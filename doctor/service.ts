/**
 * The deployed service, as it looks from outside. What is asked opens nothing and uses nothing up.
 * @module
 */
import type { Config } from '../lib/config'
import { isOffering, takesSecret } from '../provision/service'
import { clockOf } from './clock'
import type { ServiceFacts } from './facts'

/** Longest wait for an answer, in milliseconds. */
const WAIT = 10_000

/**
 * Looks at the service.
 *
 * @returns Undefined where it does not answer.
 */
export async function lookAtService(config: Config): Promise<ServiceFacts | undefined> {
  const { appBaseUrl: app, managementDomain: tenant, sharedSecret: secret } = config
  const health = await call(`${app}/healthz`)
  if (!health?.ok) return undefined
  const login = await call(`${app}/auth/login`)
  const leadsTo = login?.headers.get('location') ?? ''
  return {
    isOffering: await isOffering(app),
    down: downOf(await (await call(`${app}/readyz`))?.json().catch(() => undefined)),
    takesSecret: await takesSecret(app, tenant.host, secret.current),
    takesPrevious:
      secret.previous === undefined ? undefined : await takesSecret(app, tenant.host, secret.previous),
    isStrict: health.headers.has('strict-transport-security'),
    login:
      login && URL.canParse(leadsTo)
        ? { url: new URL(leadsTo), cookies: login.headers.getSetCookie() }
        : undefined,
    clock: clockOf(health),
  }
}

function downOf(answer: unknown): string[] {
  const isNamed = typeof answer === 'object' && answer !== null && 'down' in answer
  return isNamed && Array.isArray(answer.down) ? answer.down.map(String) : []
}

function call(url: string): Promise<Response | undefined> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WAIT) }).catch(() => undefined)
}
