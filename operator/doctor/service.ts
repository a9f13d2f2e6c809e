/**
 * Examines the deployed service from outside. The requests start no linking flow and use up no token.
 * @module
 */

import { SNAPSHOT_HEADER } from '../../core'
import { parseUrl } from '../../core/parse-url'
import type { Config } from '../../lib/config/config'
import { VERSION_HEADER } from '../../lib/config/version'
import { isSharedSecretAccepted, requestAddress, saysOffer } from '../shared/service'
import { readClockOffset } from './clock'
import type { ServiceFacts } from './facts'

/**
 * Examines the service.
 *
 * @returns Undefined if the service does not respond.
 */
export async function examineService(config: Config): Promise<ServiceFacts | undefined> {
  const { appBaseUrl: app, managementDomain: tenant, sharedSecret: secret } = config
  const health = await requestAddress(`${app}/healthz`)
  if (!health?.ok) return undefined
  const clock = readClockOffset(health)
  const login = await requestAddress(`${app}/auth/login`)
  const ready: unknown = await (await requestAddress(`${app}/readyz`))?.json().catch(() => undefined)
  return {
    isOffering: await saysOffer(health),
    down: namesOf(ready, 'down'),
    warnings: namesOf(ready, 'warnings'),
    isSharedSecretAccepted: await isSharedSecretAccepted(app, tenant.host, secret.current),
    isPreviousSecretAccepted:
      secret.previous === undefined
        ? undefined
        : await isSharedSecretAccepted(app, tenant.host, secret.previous),
    snapshots: Number(health.headers.get(SNAPSHOT_HEADER) ?? 1),
    version: health.headers.get(VERSION_HEADER) ?? undefined,
    isStrict: health.headers.has('strict-transport-security'),
    login: signInOf(login),
    clock,
  }
}

/** A working sign-in redirects to a URL. Any other response means that sign-in is broken. */
function signInOf(answer: Response | undefined): ServiceFacts['login'] {
  const url = parseUrl(answer?.headers.get('location') ?? '')
  if (!answer || answer.status < 300 || answer.status > 399 || !url) return { status: answer?.status }
  return { url, cookies: answer.headers.getSetCookie() }
}

function namesOf(answer: unknown, field: 'down' | 'warnings'): string[] {
  const names = typeof answer === 'object' && answer !== null && (answer as Record<string, unknown>)[field]
  return Array.isArray(names) ? names.map(String) : []
}
