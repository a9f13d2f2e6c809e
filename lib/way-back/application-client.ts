import 'server-only'
import { z } from 'zod'
import { plainText } from '../messages/mask-email'

/** An application of the tenant, with the settings that decide whether a page may lead back to it, and to which URL. */
export interface ApplicationClient {
  /** The name to show, without invisible characters and not too long. */
  name: string
  isFirstParty: boolean
  /** Whether people sign in to it in a browser. */
  signsPeopleIn: boolean
  callbacks: string[]
  logoutUrls: string[]
  webOrigins: string[]
  /** Empty, or one URL. */
  initiateLoginUri: string[]
}

/** The fields to ask the Management API for: only those that {@link parseApplicationClient} reads. */
export const CLIENT_FIELDS = [
  ...['client_id', 'name', 'global', 'is_first_party', 'app_type', 'grant_types'],
  ...['callbacks', 'allowed_logout_urls', 'web_origins', 'initiate_login_uri'],
]

const Texts = z.array(z.string()).nullish()
const RawClient = z.looseObject({
  client_id: z.string(),
  name: z.string(),
  global: z.boolean().nullish(),
  is_first_party: z.boolean().nullish(),
  app_type: z.string().nullish(),
  grant_types: Texts,
  callbacks: Texts,
  allowed_logout_urls: Texts,
  web_origins: Texts,
  initiate_login_uri: z.string().nullish(),
})

/** Values of `app_type` of applications that people never sign in to. */
const MACHINES = ['non_interactive', 'resource_server']
/** Grant types that begin in a browser. */
const BROWSER_GRANTS = ['authorization_code', 'implicit']

/**
 * Reads an application as the Management API returns it.
 *
 * @param raw - The JSON as received.
 * @returns The application; undefined if the JSON is not one, or if its name cannot be shown. A missing field counts against a
 *   return link: with only `read:client_summary`, Auth0 returns nothing but id, name, type and description.
 * @see {@link https://auth0.com/docs/api/management/v2/clients/get-clients-by-id Get client by ID}
 */
export function parseApplicationClient(raw: unknown): ApplicationClient | undefined {
  const { data } = RawClient.safeParse(raw)
  const name = data && plainText(data.name).trim()
  if (!data || !name) return undefined
  const grants = data.grant_types ?? []
  return {
    name,
    isFirstParty: data.is_first_party === true && data.global !== true,
    signsPeopleIn:
      !MACHINES.includes(data.app_type ?? '') && BROWSER_GRANTS.some((grant) => grants.includes(grant)),
    callbacks: data.callbacks ?? [],
    logoutUrls: data.allowed_logout_urls ?? [],
    webOrigins: data.web_origins ?? [],
    initiateLoginUri: data.initiate_login_uri ? [data.initiate_login_uri] : [],
  }
}
