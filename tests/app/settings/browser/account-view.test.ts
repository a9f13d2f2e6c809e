import { describe, expect, it } from 'vitest'
import { toAccountView } from '@/app/settings/connected-accounts/browser/_flow/account-view'
import { iconOf } from '@/components/ui/provider-icon'
import { providerName } from '@/lib/messages'
import { en } from '@/lib/messages/en'
import { wholeEmail } from '@/lib/messages/mask-email'

describe('toAccountView', () => {
  it.each([
    ['google-oauth2', 'ann@example.com'],
    ['samlp', '"odd@name"@example.com'],
    ['constructor', 'ann'],
    ['a\u202Eb', '\u202Eann@example.com'],
    ['x'.repeat(60), `ann@${'x'.repeat(500)}.com`],
    ['sms', undefined],
  ])('names provider %j and address %j like the pages from the server', (provider, email) => {
    expect(toAccountView({ provider, email }, en)).toEqual({
      provider: providerName(en, { provider }),
      icon: iconOf(provider),
      label: email && wholeEmail(email),
    })
  })
})
