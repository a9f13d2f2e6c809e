/**
 * The desired state of a tenant: the files in `auth0/`, in the directory format of Auth0's Deploy CLI.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { streamUrl } from './event-stream'
import { readOptionalSecrets } from './optional-secrets'
import { type RightsRules, rightsRules, scopesInUse } from './rights-scopes'

/**
 * The three applications, by their purpose: sign-in to the page "Sign-in methods", proof of the other account (the linking
 * client), and the Management API.
 */
export const PURPOSES = ['settings', 'proof', 'management'] as const
/** @see {@link PURPOSES} */
export type ApplicationPurpose = (typeof PURPOSES)[number]

/** The metadata key that marks an application as ours and names its purpose. */
export const PURPOSE_KEY = 'account_linking_part'

const Client = z.looseObject({
  name: z.string(),
  client_metadata: z.object({ [PURPOSE_KEY]: z.enum(PURPOSES) }).catchall(z.string()),
})
const Grant = z.object({ client_id: z.string(), audience: z.string(), scope: z.array(z.string()) })
const Api = z.looseObject({
  name: z.string(),
  identifier: z.string(),
  scopes: z.array(z.object({ value: z.string(), description: z.string() })),
})
const Action = z.object({
  name: z.string(),
  code: z.string(),
  runtime: z.string(),
  dependencies: z.array(z.object({ name: z.string(), version: z.string() })),
  secrets: z.array(z.object({ name: z.string(), value: z.string() })),
  supported_triggers: z.array(z.object({ id: z.literal('post-login'), version: z.string() })),
})
const Triggers = z.object({
  'post-login': z.array(z.object({ action_name: z.string(), display_name: z.string() })),
})

/** An application as described in its file. */
export type DesiredClient = z.infer<typeof Client>

/** An API as described in its file. */
export type DesiredApi = z.infer<typeof Api>

/** Everything that `auth0/` describes. The Action's secrets may still contain placeholders without a value. */
export interface Desired {
  clients: Record<ApplicationPurpose, DesiredClient>
  /** The applications that the tenant needs with the `LINKING_AUTHORITY`. */
  purposes: ApplicationPurpose[]
  /** The applications that need a grant for the Management API. */
  callers: ApplicationPurpose[]
  /** The grant of each of `callers`: the scopes in its file, and those that the operator's rules about rights need. */
  grant: z.infer<typeof Grant>
  /** The operator's rules about the rights of the secondary account. */
  rights: RightsRules
  /** The API of `GET /api/sign-in-methods`; undefined if the service offers none. */
  api: DesiredApi | undefined
  /** The API of the console for operators. It defines their permission. Undefined if the service can have no console. */
  consoleApi: DesiredApi | undefined
  /** The event stream to the service; undefined if the service does not listen to one. */
  eventStream: { url: string; token: string } | undefined
  action: z.infer<typeof Action>
  /** Names of those secrets of the Action that are optional. */
  optionalSecretNames: string[]
  /** The Action's name in the post-login trigger. */
  displayName: string
}

/**
 * Reads the files.
 *
 * @param folder - Path of `auth0/`. The Action must have been built.
 * @param values - Values for the placeholders `##NAME##`. A placeholder without a value stays.
 * @throws {Error} If a file does not have the expected shape.
 * @see {@link https://github.com/auth0/auth0-deploy-cli/blob/master/docs/keyword-replacement.md Keyword replacement}
 */
export function readDesired(folder: string, values: Record<string, string>): Desired {
  const fill = (text: string) => text.replace(/##(\w+)##/g, (mark, name: string) => values[name] ?? mark)
  const read = (path: string): unknown =>
    JSON.parse(readFileSync(join(folder, path), 'utf8'), (_key, value) =>
      typeof value === 'string' ? fill(value) : value,
    )
  const all = (name: string) => readdirSync(join(folder, name)).filter((file) => file.endsWith('.json'))
  const clients = all('clients').map((file) => Client.parse(read(join('clients', file))))
  const clientOf = (purpose: ApplicationPurpose) => {
    const client = clients.find(({ client_metadata: metadata }) => metadata[PURPOSE_KEY] === purpose)
    if (!client) throw new Error(`No file in ${folder}/clients has the part ${purpose}.`)
    return client
  }
  const action = Action.parse(read('actions/account-linking.json'))
  const triggers = Triggers.parse(read('triggers/triggers.json'))
  const bound = triggers['post-login'].find(({ action_name: name }) => name === action.name)
  const rights = rightsRules(values)
  const grant = Grant.parse(read('grants/account-linking-management.json'))
  const optionalSecrets = readOptionalSecrets(
    values,
    action.secrets.map(({ name }) => name),
  )
  return {
    ...byAuthority(
      { settings: clientOf('settings'), proof: clientOf('proof'), management: clientOf('management') },
      values.LINKING_AUTHORITY,
    ),
    // With `user`, the service has only the person's token, so it cannot read an account for an application or an operator.
    ...(values.LINKING_AUTHORITY === 'user'
      ? { api: undefined, consoleApi: undefined }
      : {
          api: Api.parse(read('resource-servers/account-linking-sign-in-methods.json')),
          consoleApi: Api.parse(read('resource-servers/account-linking-console.json')),
        }),
    eventStream: eventStreamOf(values),
    rights,
    grant: { ...grant, scope: [...new Set([...grant.scope, ...scopesInUse(rights)])] },
    action: {
      ...action,
      code: readFileSync(join(folder, action.code), 'utf8'),
      secrets: [...action.secrets, ...optionalSecrets],
    },
    optionalSecretNames: optionalSecrets.map(({ name }) => name),
    displayName: bound?.display_name ?? action.name,
  }
}

const eventStreamOf = ({ APP_BASE_URL: app, AUTH0_EVENTS_SECRET: token }: Record<string, string>) =>
  app && token ? { url: streamUrl(app), token } : undefined

/** The fields of {@link Desired} that depend on `LINKING_AUTHORITY`. */
type ByAuthority = Pick<Desired, 'clients' | 'purposes' | 'callers'>

/**
 * Adds to the applications from the files what they need with the given `LINKING_AUTHORITY`, which says whose token links
 * accounts on the page.
 *
 * @param clients - The applications as described in their files.
 * @param authority - `LINKING_AUTHORITY`. With every value, the Action uses the application `management`.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link user
 * accounts}
 */
function byAuthority(
  clients: Record<ApplicationPurpose, DesiredClient>,
  authority: string | undefined,
): ByAuthority {
  const { settings, proof } = clients
  switch (authority) {
    case 'linking-client':
      return {
        clients: { ...clients, proof: { ...proof, ...joined('grant_types', proof, clients.management) } },
        purposes: ['settings', 'proof', 'management'],
        callers: ['management', 'proof'],
      }
    case 'user': {
      const addresses = {
        ...joined('callbacks', proof, settings),
        ...joined('allowed_logout_urls', proof, settings),
      }
      return {
        clients: { ...clients, proof: { ...proof, ...addresses } },
        purposes: ['proof', 'management'],
        callers: ['management'],
      }
    }
    default:
      return { clients, purposes: ['settings', 'proof', 'management'], callers: ['management'] }
  }
}

function joined(field: string, ...clients: DesiredClient[]): Record<string, unknown> {
  return { [field]: clients.flatMap(({ [field]: list }) => (Array.isArray(list) ? list : [])) }
}
