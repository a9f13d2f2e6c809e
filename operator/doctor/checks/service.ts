import { SNAPSHOT_VERSION } from '../../../core'
import { createFinding, type Finding } from '../catalogue'
import type { BrokenSignIn, DoctorCheck, InstallationFacts, ServiceFacts, SignIn } from '../facts'
import { isBuiltHere } from './action'

/** Matches the code of every Action that writes the current version of snapshots. */
const WRITES_VERSION = new RegExp(`\\bv: ?${SNAPSHOT_VERSION}\\b`)

/** Whether the deployed service works. */
export const checkService: DoctorCheck = ({ config, service, actions }) => {
  const app = config.appBaseUrl
  if (!service) {
    const fix = 'Deploy and start the service there, or set APP_BASE_URL to its address.'
    return [createFinding('service_unreachable', `${app}/healthz does not answer.`, fix)]
  }
  const findings: Finding[] = []
  if (!service.isOffering) {
    const fix = 'Set OFFER=on and restart, or run npm run offer -- on.'
    findings.push(createFinding('service_not_offering', `${app}/healthz does not say "offer":true.`, fix))
  }
  if (service.down.length > 0) {
    const fix = 'Make them reachable for the service: check AUTH0_DOMAIN and REDIS_URL in its environment.'
    findings.push(
      createFinding(
        'service_not_ready',
        `${app}/readyz: the service cannot reach ${service.down.join(', ')}.`,
        fix,
      ),
    )
  }
  if (service.warnings.includes('step_up_without_factor')) {
    const fix =
      'Make the tenant honour acr_values: turn on a factor and an MFA policy, or call api.multifactor.enable in an Action, without remembered browsers.'
    findings.push(
      createFinding(
        'step_up_without_factor',
        `${app}: a person with a second factor was not asked for it, twice in a row.`,
        fix,
      ),
    )
  }
  const isWritten = actions?.some((action) => isBuiltHere(action) && WRITES_VERSION.test(action.code))
  if (isWritten && service.snapshots < SNAPSHOT_VERSION) {
    const what = `The Action writes snapshots of version ${SNAPSHOT_VERSION}, but ${app} reads version ${service.snapshots}.`
    const fix = 'Deploy this version of the service there. Always deploy the service first, then the Action.'
    findings.push(createFinding('service_reads_older_snapshots', what, fix))
  }
  if (config.redisUrl === undefined) {
    const fix = 'Set REDIS_URL if you run more than one instance.'
    findings.push(createFinding('store_per_instance', 'No REDIS_URL is set.', fix))
  }
  return [...findings, ...checkSecrets(config, service), ...checkSignIn(config, service)]
}

function checkSecrets({ appBaseUrl: app }: InstallationFacts['config'], service: ServiceFacts): Finding[] {
  const fix = `Deploy the service at ${app} with this environment.`
  const differs = 'does not accept a token signed with'
  if (!service.isSharedSecretAccepted)
    return [createFinding('service_secret_differs', `${app} ${differs} SESSION_TOKEN_SHARED_SECRET.`, fix)]
  if (service.isPreviousSecretAccepted !== false) return []
  return [
    createFinding('previous_secret_refused', `${app} ${differs} SESSION_TOKEN_SHARED_SECRET_PREVIOUS.`, fix),
  ]
}

function checkSignIn(
  config: InstallationFacts['config'],
  { login: signIn, isStrict }: ServiceFacts,
): Finding[] {
  return [
    ...('url' in signIn ? checkRedirect(config, signIn) : [brokenSignIn(config, signIn)]),
    ...checkTransport(config, isStrict),
  ]
}

function brokenSignIn({ appBaseUrl: app }: InstallationFacts['config'], { status }: BrokenSignIn): Finding {
  const answer =
    status === undefined ? 'does not answer' : `answers ${status} and does not redirect to the tenant`
  const fix =
    "Look for the cause in the service's log, and check APP_BASE_URL, AUTH0_DOMAIN and AUTH0_CLIENT_ID in its environment."
  return createFinding('sign_in_broken', `${app}/auth/login ${answer}.`, fix)
}

/** Checks the redirect to the tenant: it shows which origin and which application the service uses. */
function checkRedirect(config: InstallationFacts['config'], { url, cookies }: SignIn): Finding[] {
  const findings: Finding[] = []
  const fix = `Deploy the service at ${config.appBaseUrl} with this environment.`
  const sent = url.searchParams.get('redirect_uri')
  if (url.origin !== config.auth0Domain.origin || !sent?.startsWith(`${config.appBaseUrl}/`))
    findings.push(
      createFinding(
        'service_origin_wrong',
        `Its sign-in redirects to ${url.origin}, and back to ${sent}.`,
        fix,
      ),
    )
  if (url.searchParams.get('client_id') !== config.sessionClient.id)
    findings.push(
      createFinding(
        'service_client_differs',
        'The service signs people in to another application than this environment names.',
        fix,
      ),
    )
  const needed = ['httponly', 'samesite=lax', ...(config.isSecure ? ['secure'] : [])]
  const lacking = cookies.filter((cookie) => {
    const flags = cookie.toLowerCase().split(/;\s*/)
    return needed.some((flag) => !flags.includes(flag))
  })
  if (lacking.length > 0) {
    const names = lacking.map((cookie) => cookie.split('=')[0]).join(', ')
    const mend = `Make sure that no proxy rewrites Set-Cookie, and set APP_BASE_URL to the https origin.`
    findings.push(createFinding('cookie_flags', `Cookies without ${needed.join(', ')}: ${names}.`, mend))
  }
  return findings
}

function checkTransport({ isStrictTransport }: InstallationFacts['config'], isStrict: boolean): Finding[] {
  if (!isStrictTransport || isStrict) return []
  const fix = 'Configure the proxy in front of the service to pass strict-transport-security on.'
  return [
    createFinding('transport_not_strict', 'Its responses have no strict-transport-security header.', fix),
  ]
}
