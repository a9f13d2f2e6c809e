import type { ProvenAccount } from '@/app/settings/connected-accounts/browser/_flow/proven-account'

/** An account that a person has just signed in to: Ann's verified address and both tokens, unless `fields` say otherwise. */
export function anAccount(userId: string, fields: Partial<ProvenAccount> = {}): ProvenAccount {
  return {
    userId,
    provider: userId.slice(0, userId.indexOf('|')),
    email: 'ann@example.com',
    isEmailVerified: true,
    idToken: 'ID-TOKEN',
    accessToken: 'ACCESS-TOKEN',
    ...fields,
  }
}
