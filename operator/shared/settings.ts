/**
 * The operator's settings: read from the environment or from the service's file, or asked for at the terminal.
 * @module
 */

import { LOGIN_OPTIONS, POLICY_OPTIONS, SECRET_PREFIX } from '../../core/rules/policy-options'
import { optionProblem, readOption } from '../../core/rules/read-options'
import { Environment } from '../../lib/config/environment'
import { parseTenantDomain, parseTenantDomains, type TenantDomain } from '../../lib/config/tenant-domain'
import type { Variables } from './env-file'
import { OperatorError } from './operator-error'
import { RULES } from './optional-secrets'
import type { Terminal } from './terminal'

/** The tenant's domains, and the credentials to set the tenant up with. */
export interface Access {
  /** The domain at which people sign in: the first one if there are several. */
  login: TenantDomain
  /** The domain for the Management API. */
  management: TenantDomain
  credentials: { token: string } | { id: string; secret: string }
}

/** The credentials in an environment: the operator's if they are set, otherwise the service's own, which may read less. */
export function credentialsIn(env: Variables): Access['credentials'] {
  const { AUTH0_PROVISION_TOKEN: token, AUTH0_PROVISION_CLIENT_ID: id } = env
  if (token) return { token }
  if (id) return { id, secret: env.AUTH0_PROVISION_CLIENT_SECRET ?? '' }
  return { id: env.MANAGEMENT_API_CLIENT_ID ?? '', secret: env.MANAGEMENT_API_CLIENT_SECRET ?? '' }
}

/** A required value, and how to ask for it. */
interface Wanted {
  name: string
  message: string
  initial?: string | undefined
  isSecret?: boolean
}

/** Optional variables of the service: used if the operator sets them, and never asked for. */
const PASSED_ON = [
  ...RULES.map(({ name }) => name),
  ...['ACTION_EVENTS_SECRET', 'ADOPTION_URL', 'ADOPTION_SECRET'],
  'LINKING_AUTHORITY',
  'CONNECT_CONNECTIONS',
  // If one of these is missing, the service reads it from the tenant.
  ...['BRAND_NAME', 'BRAND_LOGO', 'BRAND_COLOR', 'SUPPORT_URL'],
]

/** Reads the operator's settings, and asks for missing ones. */
export class Settings {
  readonly #given: Record<string, string | undefined>

  /**
   * @param terminal - Asks the operator, if it is interactive.
   * @param environment - The variables of this process. They override those of the file.
   * @param file - The variables of the service's file.
   */
  constructor(
    private readonly terminal: Terminal,
    private readonly environment: Record<string, string | undefined>,
    file: Variables,
  ) {
    const set = Object.entries(environment).filter(([, value]) => value)
    // The service must not have the operator's credentials, so ignore them in its file.
    const ofService = Object.entries(file).filter(([name]) => !name.startsWith('AUTH0_PROVISION_'))
    this.#given = Object.fromEntries([...ofService, ...set])
  }

  /**
   * The tenant's domains, and the operator's credentials.
   *
   * @throws {OperatorError} `missing_settings` if something is missing and the command cannot ask; `bad_settings`.
   */
  async access(): Promise<Access> {
    const isNew = !this.#given.AUTH0_DOMAIN
    const domain = {
      name: 'AUTH0_DOMAIN',
      message: 'Domain at which people sign in (your custom domain, if any)',
    }
    const credentials = [
      { name: 'AUTH0_PROVISION_CLIENT_ID', message: 'Client id of your machine-to-machine application' },
      { name: 'AUTH0_PROVISION_CLIENT_SECRET', message: 'Its client secret', isSecret: true },
    ]
    const token = this.environment.AUTH0_PROVISION_TOKEN
    const values = await this.#all(token ? [domain] : [domain, ...credentials])
    const login = readable('AUTH0_DOMAIN', parseTenantDomains(values.AUTH0_DOMAIN ?? '')?.[0])
    const management =
      this.terminal.isInteractive && isNew
        ? await this.#one({
            name: 'AUTH0_MANAGEMENT_DOMAIN',
            message: 'Canonical domain of the tenant (TENANT.REGION.auth0.com)',
            initial: spelled(login),
          })
        : this.#given.AUTH0_MANAGEMENT_DOMAIN
    const { AUTH0_PROVISION_CLIENT_ID: id = '', AUTH0_PROVISION_CLIENT_SECRET: secret = '' } = values
    for (const hidden of [token ?? '', secret]) this.terminal.hide(hidden)
    return {
      login,
      management: management ? readable('AUTH0_MANAGEMENT_DOMAIN', parseTenantDomain(management)) : login,
      credentials: token ? { token } : { id, secret },
    }
  }

  /** The settings for the service, by variable. Asks for those that are missing, and throws the same errors as `access`. */
  async service({ login, management }: Access): Promise<Record<string, string>> {
    const { APP_BASE_URL: app = '' } = await this.#all([
      { name: 'APP_BASE_URL', message: 'Address of this service, say https://accounts.example.com' },
    ])
    const rest = await this.#all([
      { name: 'RESTART_URL', message: 'Where a sign-in starts: the login of your application', initial: app },
    ])
    const given = PASSED_ON.filter((name) => this.#given[name])
    const passedOn = await this.#all(given.map((name) => ({ name, message: name })))
    return {
      APP_BASE_URL: app,
      AUTH0_DOMAIN: (parseTenantDomains(this.#given.AUTH0_DOMAIN ?? login.origin) ?? [login])
        .map(spelled)
        .join(','),
      ...(management.origin !== login.origin && { AUTH0_MANAGEMENT_DOMAIN: spelled(management) }),
      ...rest,
      ...passedOn,
    }
  }

  /** Providers and connections whose accounts are offered. */
  get trusted(): string[] {
    return readOption(POLICY_OPTIONS.trusted, this.#given.TRUSTED_CONNECTIONS).value
  }

  /**
   * The Action's secrets that the operator sets directly.
   *
   * @throws {OperatorError} `bad_settings` if the text of a linking option is invalid.
   */
  get actionSecrets(): Variables {
    const named = Object.entries(this.#given).filter(([name]) => name.startsWith(SECRET_PREFIX))
    const given = named.filter((entry): entry is [string, string] => entry[1] !== undefined)
    for (const [secret, value] of given) {
      const wrong = problemOfSecret(secret, value)
      if (wrong) throw new OperatorError('bad_settings', `${secret} ${wrong}.`)
    }
    return Object.fromEntries(given)
  }

  async #all(wanted: Wanted[]): Promise<Record<string, string>> {
    const missing = wanted.filter(({ name, initial }) => !this.#given[name] && !initial)
    if (missing.length > 0 && !this.terminal.isInteractive) {
      const names = missing.map(({ name }) => name).join(', ')
      throw new OperatorError('missing_settings', `Not set: ${names}.`)
    }
    const values: Record<string, string> = {}
    for (const each of wanted) values[each.name] = await this.#one(each)
    return values
  }

  async #one({ name, message, initial, isSecret = false }: Wanted): Promise<string> {
    const problem = (value: string) => problemOf(name, value)
    const given = this.#given[name] || (this.terminal.isInteractive ? '' : (initial ?? ''))
    const value = given || (await this.terminal.ask({ message, initial, isSecret, problem }))
    const wrong = problem(value)
    if (wrong) throw new OperatorError('bad_settings', `${name} ${wrong}.`)
    this.#given[name] = value
    return value
  }
}

function problemOf(name: string, value: string): string | undefined {
  if (value === '') return 'is missing'
  const schema =
    name in Environment.shape ? Environment.shape[name as keyof typeof Environment.shape] : undefined
  const parsed = schema?.safeParse(value)
  return parsed?.success === false ? parsed.error.issues[0]?.message : undefined
}

/** What is wrong with the text of one of the Action's secrets; undefined if nothing, or if the secret is not an option. */
function problemOfSecret(secret: string, value: string): string | undefined {
  const options = Object.values({ ...POLICY_OPTIONS, ...LOGIN_OPTIONS })
  const option = options.find(({ name }) => secret === SECRET_PREFIX + name)
  const [part] = option ? readOption(option, value).unreadable : []
  return option && part !== undefined ? optionProblem(option, part) : undefined
}

function readable(name: string, domain: TenantDomain | undefined): TenantDomain {
  if (domain) return domain
  throw new OperatorError('bad_settings', `${name} must be a bare host or an http(s) origin.`)
}

/** The bare host if the origin is https, as Auth0 shows it; otherwise the origin. */
const spelled = ({ origin, host }: TenantDomain) => (origin.startsWith('https:') ? host : origin)
