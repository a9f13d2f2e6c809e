/**
 * Describes each outcome for readers of a report who do not know the codes.
 * @module
 */
import type { ReportedOutcome } from '../groups/read-groups'

/** The description of each outcome. */
export const OUTCOME_WORDS: Record<ReportedOutcome, string> = {
  linkable: 'Can be linked',
  linkable_before_rights: 'Can be linked; roles and second factors were not looked at yet',
  declined: 'The person said no',
  too_many_accounts: 'Too many accounts have this address: hardly one person',
  incomplete: 'The export does not say enough about the account',
  same_account: 'They are one account already',
  unverified: 'One address was never confirmed',
  email_mismatch: 'The addresses are not spelled alike',
  blocked: 'One account is blocked',
  restricted: 'One account is marked as not to be linked',
  untrusted_connection: 'One account signs in by a way whose addresses are not trusted',
  several_identities: 'Both are the result of an earlier link',
  both_provisioned: "Both are managed by a company's directory",
  not_available: 'One account is gone',
  metadata_too_large: 'Together they hold more data than one account can',
  roles_lost: 'One has a role that the other lacks',
  permissions_lost: 'One has a permission that the other lacks',
  memberships_lost: 'One belongs to an organization that the other does not',
  factors_lost: 'One has a second factor that the other lacks',
  rights_unread: 'It could not be read what they may do',
  rights_too_many: 'Together they have more rights than one account can',
  adoption_refused: 'The application refused',
  decision_changed: 'Another account would have to stay',
  busy: 'Another change to one of them is not finished',
}
