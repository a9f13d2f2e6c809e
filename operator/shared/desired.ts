/**
 * What a tenant is to hold: the files in `auth0/`, in the directory format of Auth0's Deploy CLI.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { furtherSecrets } from './further-secrets'

/** The three applications, by what they are for. */
export const PARTS = ['settings', 'proof', 'management'] as const
/** @see {@link PARTS} */
export type Part = (typeof PARTS)[number]

/** The key of an application's metadata that says that it is ours, and which. */
export const PART_KEY = 'account_linking_part'

const Client = z.looseObject({
  name: z.string(),
  client_metadata: z.object({ [PART_KEY]: z.enum(PARTS) }).catchall(z.string()),
})
const Grant = z.object({ client_id: z.string(), audience: z.string(), scope: z.array(z.string()) })
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

/** An application as its file describes it. */
export type DesiredClient = z.infer<typeof Client>

/** Everything that `auth0/` describes. Secrets of the Action may still hold placeholders that have no value. */
export interface Desired {
  clients: Record<Part, DesiredClient>
  /** Those of them that there are to be. */
  parts: Part[]
  /** Those that call the Management API. */
  callers: Part[]
  /** Of each of these. */
  grant: z.infer<typeof Grant>
  action: z.infer<typeof Action>
  /** Names of those of its secrets that may be left out. */
  further: string[]
  /** The name that the Action has in the post-login trigger. */
  displayName: string
}

/**
 * Reads the files.
 *
 * @param folder - `auth0/`, with the Action built.
 * @param values - Put in place of `##NAME##`; what has no value stays as it is.
 * @throws {Error} When a file is not what it should be.
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
  const clientOf = (part: Part) => {
    const client = clients.find(({ client_metadata: metadata }) => metadata[PART_KEY] === part)
    if (!client) throw new Error(`No file in ${folder}/clients is of the part ${part}.`)
    return client
  }
  const action = Action.parse(read('actions/account-linking.json'))
  const triggers = Triggers.parse(read('triggers/triggers.json'))
  const bound = triggers['post-login'].find(({ action_name: name }) => name === action.name)
  const further = furtherSecrets(
    values,
    action.secrets.map(({ name }) => name),
  )
  return {
    ...byAuthority(
      { settings: clientOf('settings'), proof: clientOf('proof'), management: clientOf('management') },
      values.LINKING_AUTHORITY,
    ),
    grant: Grant.parse(read('grants/account-linking-management.json')),
    action: {
      ...action,
      code: readFileSync(join(folder, action.code), 'utf8'),
      secrets: [...action.secrets, ...further],
    },
    further: further.map(({ name }) => name),
    displayName: bound?.display_name ?? action.name,
  }
}

/** What of {@link Desired} depends on by whose token the page links. */
type ByAuthority = Pick<Desired, 'clients' | 'parts' | 'callers'>

/**
 * What the applications need beside what their files say.
 *
 * @param clients - As their files describe them.
 * @param authority - `LINKING_AUTHORITY`. The Action has an application of its own in any case.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link user accounts}
 */
function byAuthority(clients: Record<Part, DesiredClient>, authority: string | undefined): ByAuthority {
  const { settings, proof } = clients
  switch (authority) {
    case 'linking-client':
      return {
        clients: { ...clients, proof: { ...proof, ...joined('grant_types', proof, clients.management) } },
        parts: ['settings', 'proof', 'management'],
        callers: ['management', 'proof'],
      }
    case 'user': {
      const addresses = {
        ...joined('callbacks', proof, settings),
        ...joined('allowed_logout_urls', proof, settings),
      }
      return {
        clients: { ...clients, proof: { ...proof, ...addresses } },
        parts: ['proof', 'management'],
        callers: ['management'],
      }
    }
    default:
      return { clients, parts: ['settings', 'proof', 'management'], callers: ['management'] }
  }
}

function joined(field: string, ...clients: DesiredClient[]): Record<string, unknown> {
  return { [field]: clients.flatMap(({ [field]: list }) => (Array.isArray(list) ? list : [])) }
}
