/**
 * The deployed service, as it looks from outside. What is asked opens nothing and uses nothing up.
 * @module
 */
import type { Config } from '../lib/config'
import { SNAPSHOT_HEADER } from '../lib/linking'
import { lookAt, saysOffer, takesSecret } from '../provision/service'
import { clockOf } from './clock'
import type { ServiceFacts } from './facts'

/**
 * Looks at the service.
 *
 * @returns Undefined where it does not answer.
 */
export async function lookAtService(config: Config): Promise<ServiceFacts | undefined> {
  const { appBaseUrl: app, managementDomain: tenant, sharedSecret: secret } = config
  const health = await lookAt(`${app}/healthz`)
  if (!health?.ok) return undefined
  const clock = clockOf(health)
  const login = await lookAt(`${app}/auth/login`)
  const leadsTo = login?.headers.get('location') ?? ''
  return {
    isOffering: await saysOffer(health),
    down: downOf(await (await lookAt(`${app}/readyz`))?.json().catch(() => undefined)),
    takesSecret: await takesSecret(app, tenant.host, secret.current),
    takesPrevious:
      secret.previous === undefined ? undefined : await takesSecret(app, tenant.host, secret.previous),
    snapshots: Number(health.headers.get(SNAPSHOT_HEADER) ?? 1),
    isStrict: health.headers.has('strict-transport-security'),
    login:
      login && URL.canParse(leadsTo)
        ? { url: new URL(leadsTo), cookies: login.headers.getSetCookie() }
        : undefined,
    clock,
  }
}

function downOf(answer: unknown): string[] {
  const isNamed = typeof answer === 'object' && answer !== null && 'down' in answer
  return isNamed && Array.isArray(answer.down) ? answer.down.map(String) : []
}
