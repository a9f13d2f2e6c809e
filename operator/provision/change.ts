/**
 * The changes that a plan can contain, and their descriptions.
 * @module
 */
import type { ApplicationPurpose } from '../shared/desired'
import { STREAM_EVENTS } from '../shared/event-stream'

/** One step from the current state to the desired one. */
export type Change =
  | { kind: 'create_client'; purpose: ApplicationPurpose; name: string; body: Record<string, unknown> }
  | { kind: 'update_client'; id: string; name: string; before: FieldValues; after: FieldValues }
  | { kind: 'create_grant'; purpose: ApplicationPurpose; audience: string; scope: string[] }
  | { kind: 'update_grant'; id: string; before: string[]; after: string[] }
  | { kind: 'create_api'; identifier: string; name: string; body: Record<string, unknown> }
  | { kind: 'update_api'; id: string; name: string; before: FieldValues; after: FieldValues }
  | { kind: 'enable_connection'; id: string; name: string; purposes: ApplicationPurpose[] }
  | { kind: 'write_env'; names: string[] }
  | { kind: 'create_action'; name: string; secrets: string[] }
  | {
      kind: 'update_action'
      id: string
      name: string
      fields: ActionField[]
      /** Names of the secrets that we set. Their values are sent only if `fields` contains `secrets`. */
      secrets: string[]
      /** Id of the version that is deployed now. */
      before: string | undefined
    }
  | { kind: 'create_event_stream'; url: string }
  | { kind: 'bind_action'; name: string; behind: string[] }

/** Values of the fields of an application or API, by name. */
export type FieldValues = Record<string, unknown>

/** The parts of an Action that a change can cover. */
export type ActionField = 'code' | 'runtime' | 'dependencies' | 'secrets' | 'deployment'

const PURPOSE_WORDS: Record<ApplicationPurpose, string> = {
  settings: 'the page "Sign-in methods"',
  proof: 'the proof of the other account',
  management: 'the Management API',
}

/**
 * Describes a change: a short line, then lines with details. `+` means new, `~` means changed.
 *
 * @param change - A change of a plan.
 * @returns Lines, which contain no secrets.
 */
export function describeChange(change: Change): string[] {
  switch (change.kind) {
    case 'create_client':
      return [`+ application "${change.name}"`, ...fieldsInWords(change.body)]
    case 'update_client':
      return [`~ application "${change.name}"`, ...fieldsInWords(change.after)]
    case 'create_grant':
      return [
        `+ grant of the Management API${change.purpose === 'management' ? '' : ` for ${PURPOSE_WORDS[change.purpose]}`}`,
        `    ${change.scope.join(' ')}`,
        ...whatScopesShow(change.scope),
      ]
    case 'update_grant': {
      const added = change.after.filter((scope) => !change.before.includes(scope))
      return [`~ grant of the Management API, added: ${added.join(' ')}`, ...whatScopesShow(added)]
    }
    case 'create_api':
      return [`+ API "${change.name}"`, `    identifier: ${change.identifier}`]
    case 'update_api':
      return [`~ API "${change.name}": ${Object.keys(change.after).join(', ')}`]
    case 'enable_connection':
      return [
        `~ connection ${change.name}: enabled for ${change.purposes.map((purpose) => PURPOSE_WORDS[purpose]).join(' and ')}`,
      ]
    case 'write_env':
      return ['+ variables of the service', `    ${change.names.join(', ')}`]
    case 'create_action':
      return [`+ Action "${change.name}", deployed`, `    secrets: ${change.secrets.join(', ')}`]
    case 'update_action':
      return [
        `~ Action "${change.name}": ${change.fields.map(actionFieldInWords).join(', ')}; deployed again`,
        ...(change.fields.includes('secrets') ? [`    secrets: ${change.secrets.join(', ')}`] : []),
      ]
    case 'create_event_stream':
      return [`+ event stream to ${change.url}`, `    events: ${STREAM_EVENTS.join(', ')}`]
    case 'bind_action':
      return [
        `~ post-login trigger: "${change.name}" ${
          change.behind.length === 0
            ? 'is its only Action'
            : `comes last, after ${change.behind.map((name) => `"${name}"`).join(', ')}; nothing else in it changes`
        }`,
        '    It belongs after Actions that may refuse a login, so that no one is asked to link in a refused login.',
      ]
  }
}

/** Warnings about scopes that allow more than linking needs, so that an operator can leave them out. One string per line. */
const SCOPE_WORDS: Record<string, string[]> = {
  'read:clients': [
    'read:clients shows names, addresses and settings of all applications, no secrets. It is for the link back to the',
    'application that a person came from. Without it there is no such link: see docs/configuration.md, "Scopes".',
  ],
  'create:organization_members': [
    'create:organization_members allows making any account a member of any organization. It is for MEMBERSHIPS: see',
    'docs/reference/rights.md, "Scopes".',
  ],
}

const whatScopesShow = (scopes: string[]): string[] =>
  scopes.flatMap((scope) => (SCOPE_WORDS[scope] ?? []).map((line) => `    ${line}`))

const SHOWN_FIELDS = [
  'callbacks',
  'allowed_logout_urls',
  'grant_types',
  'client_metadata',
  'jwt_configuration',
]

function fieldsInWords(fields: FieldValues): string[] {
  const shown = Object.entries(fields).filter(([name]) => SHOWN_FIELDS.includes(name))
  return shown.map(([name, value]) => `    ${name}: ${valueInWords(value)}`)
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, each]) => `${key}=${each}`)
    .join(', ')
}

function actionFieldInWords(field: ActionField): string {
  return field === 'deployment' ? 'has changes that are not deployed' : field
}
