import 'server-only'
import { z } from 'zod'

// What a provider sent is not ours to trust: anything but a non-empty string counts as absent.
const Text = z.string().min(1).optional().catch(undefined)
const JsonObject = z.record(z.string(), z.unknown()).catch({})
const Names = z.object({ email: Text, username: Text, phone_number: Text, name: Text, nickname: Text })

const AccountIdentity = z.object({
  provider: z.string(),
  connection: z.string().catch(''),
  // Some providers' ids are numbers in the API's JSON.
  user_id: z.union([z.string(), z.number()]).transform(String),
  profileData: Names.optional().catch(undefined),
})

/**
 * A user as the Management API returns it, reduced to what the settings page reads. Field names are the API's.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure User Profile Structure}
 */
export const Account = Names.extend({
  user_id: z.string(),
  created_at: Text,
  blocked: z.boolean().catch(false),
  identities: z.array(AccountIdentity).min(1),
  app_metadata: JsonObject,
})

/** A user of the Management API; `identities[0]` is the primary one. */
export type Account = z.infer<typeof Account>
/** One way in of an {@link Account}. `profileData` is there on linked identities, not on the primary. */
export type AccountIdentity = z.infer<typeof AccountIdentity>
