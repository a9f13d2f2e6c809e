import type { SettingsRefusal } from '@/core/errors'

/** Why linking in the browser failed. The codes are stable, because programs can read them from the page's `data-error`. */
export type BrowserLinkingCode =
  | Extract<
      SettingsRefusal,
      | 'same_account'
      | 'unverified'
      | 'email_mismatch'
      | 'untrusted_connection'
      | 'bad_id_token'
      | 'reauth_required'
      | 'sign_in_failed'
      | 'expired'
      | 'missing_scope'
      | 'belongs_to_another'
      | 'link_refused'
      | 'tenant_unreachable'
      | 'outcome_unknown'
      | 'internal'
    >
  | 'popup_blocked'
  | 'popup_closed'
  | 'popup_timeout'
  | 'rate_limited'
