import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck, InstallationFacts } from '../facts'

const VARIABLES = { settings: 'AUTH0_CLIENT', proof: 'LINKING_CLIENT' } as const
type Purpose = keyof typeof VARIABLES

/** Whether the one or two applications that people sign in to are configured as the service needs them. */
export const checkApplications: DoctorCheck = (facts) => [
  ...(facts.desired.purposes.includes('settings') ? checkApplication(facts, 'settings') : []),
  ...checkApplication(facts, 'proof'),
]

function checkApplication(
  { config, desired, clients, isClientSecretAccepted }: InstallationFacts,
  purpose: Purpose,
): Finding[] {
  const { id } = purpose === 'proof' ? config.linkingClient : config.sessionClient
  const findings: Finding[] = []
  if (isClientSecretAccepted[purpose] === false)
    findings.push(
      createFinding(
        'application_secret_refused',
        `The tenant refuses ${VARIABLES[purpose]}_SECRET.`,
        `Set ${VARIABLES[purpose]}_SECRET to the secret that the tenant shows for ${VARIABLES[purpose]}_ID, and the application's authentication method to POST.`,
      ),
    )
  if (!clients) return findings
  const client = clients.find(({ client_id: each }) => each === id)
  if (!client) {
    const fix = `Set ${VARIABLES[purpose]}_ID to an application of this tenant, or run npm run provision -- apply.`
    return [...findings, createFinding('application_missing', `The tenant has no application ${id}.`, fix)]
  }
  const wanted = desired.clients[purpose]
  const missing = (field: string) =>
    strings(wanted[field]).filter((url) => !strings(client[field]).includes(url))
  const callbacks = missing('callbacks')
  if (callbacks.length > 0) {
    const fix = `Add to the Allowed Callback URLs of "${client.name}": ${callbacks.join(', ')}`
    findings.push(createFinding('callback_missing', `"${client.name}" lacks a callback address.`, fix))
  }
  const logouts = missing('allowed_logout_urls')
  if (logouts.length > 0) {
    const fix = `Add to the Allowed Logout URLs of "${client.name}": ${logouts.join(', ')}`
    findings.push(createFinding('logout_url_missing', `"${client.name}" lacks a logout address.`, fix))
  }
  if (purpose === 'proof' && client.client_metadata.account_linking !== 'true') {
    const fix = `Give "${client.name}" the application metadata account_linking = true.`
    findings.push(
      createFinding('linking_client_unmarked', `"${client.name}" is not marked as the linking client.`, fix),
    )
  }
  // Auth0 signs with HS256 if an application does not name an algorithm.
  const { alg = 'HS256' } = (client.jwt_configuration ?? {}) as { alg?: string }
  if (alg !== 'RS256') {
    const fix = `Set the JSON Web Token Signature Algorithm of "${client.name}" to RS256.`
    findings.push(createFinding('id_token_algorithm', `"${client.name}" signs ID tokens with ${alg}.`, fix))
  }
  return findings
}

const strings = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
