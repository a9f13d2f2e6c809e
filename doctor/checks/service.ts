import { SNAPSHOT_VERSION } from '../../lib/linking'
import { type Finding, found } from '../catalogue'
import type { Check, Facts, ServiceFacts } from '../facts'
import { isBuiltHere } from './action'

/** What an Action says that writes the present version. */
const WRITES_VERSION = new RegExp(`\\bv: ?${SNAPSHOT_VERSION}\\b`)

/** Whether the deployed service does its part. */
export const checkService: Check = ({ config, service, actions }) => {
  const app = config.appBaseUrl
  if (!service) {
    const fix = 'Deploy and start the service there, or set APP_BASE_URL to where it is.'
    return [found('service_unreachable', `${app}/healthz does not answer.`, fix)]
  }
  const findings: Finding[] = []
  if (!service.isOffering) {
    const fix = 'Set OFFER=on and restart, or run npm run offer -- on.'
    findings.push(found('service_not_offering', `${app}/healthz does not say "offer":true.`, fix))
  }
  if (service.down.length > 0) {
    const fix = 'Let the service reach them: compare AUTH0_DOMAIN and REDIS_URL of its environment.'
    findings.push(
      found('service_not_ready', `${app}/readyz: the service cannot reach ${service.down.join(', ')}.`, fix),
    )
  }
  const isWritten = actions?.some((action) => isBuiltHere(action) && WRITES_VERSION.test(action.code))
  if (isWritten && service.snapshots < SNAPSHOT_VERSION) {
    const what = `The Action writes snapshots of version ${SNAPSHOT_VERSION}, ${app} reads version ${service.snapshots}.`
    const fix = 'Deploy this version of the service there. Always deploy the service first, then the Action.'
    findings.push(found('service_reads_older_snapshots', what, fix))
  }
  if (config.redisUrl === undefined) {
    const fix = 'Set REDIS_URL where more than one instance runs.'
    findings.push(found('store_per_instance', 'No REDIS_URL is set.', fix))
  }
  return [...findings, ...secrets(config, service), ...login(config, service)]
}

function secrets({ appBaseUrl: app }: Facts['config'], service: ServiceFacts): Finding[] {
  const fix = `Deploy the service at ${app} with the environment that is read here.`
  const differs = 'does not take a token signed with'
  if (!service.takesSecret)
    return [found('service_secret_differs', `${app} ${differs} SESSION_TOKEN_SHARED_SECRET.`, fix)]
  if (service.takesPrevious !== false) return []
  return [found('previous_secret_refused', `${app} ${differs} SESSION_TOKEN_SHARED_SECRET_PREVIOUS.`, fix)]
}

/** The way to the tenant tells what the service takes for its origin and its application. */
function login(config: Facts['config'], { login: way, isStrict }: ServiceFacts): Finding[] {
  const findings: Finding[] = []
  const fix = `Deploy the service at ${config.appBaseUrl} with the environment that is read here.`
  const sent = way && new URLSearchParams(way.url.search).get('redirect_uri')
  if (way && (way.url.origin !== config.auth0Domain.origin || !sent?.startsWith(`${config.appBaseUrl}/`)))
    findings.push(
      found('service_origin_wrong', `Its sign-in leads to ${way.url.origin}, and back to ${sent}.`, fix),
    )
  if (way && way.url.searchParams.get('client_id') !== config.sessionClient.id)
    findings.push(
      found('service_client_differs', 'The service signs people in to another application than here.', fix),
    )
  const needed = ['httponly', 'samesite=lax', ...(config.isSecure ? ['secure'] : [])]
  const lacking = (way?.cookies ?? []).filter((cookie) => {
    const flags = cookie.toLowerCase().split(/;\s*/)
    return needed.some((flag) => !flags.includes(flag))
  })
  if (lacking.length > 0) {
    const names = lacking.map((cookie) => cookie.split('=')[0]).join(', ')
    const mend = `Have no proxy rewrite Set-Cookie, and set APP_BASE_URL to the https origin.`
    findings.push(found('cookie_flags', `Cookies without ${needed.join(', ')}: ${names}.`, mend))
  }
  if (config.isSecure && !isStrict) {
    const mend = 'Have the proxy before the service pass strict-transport-security on.'
    findings.push(found('transport_not_strict', 'Its answers have no strict-transport-security.', mend))
  }
  return findings
}
