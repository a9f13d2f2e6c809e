import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Auth0 } from '@/app/settings/connected-accounts/browser/_flow/client'
import { openSignIn } from '@/app/settings/connected-accounts/browser/_flow/sign-in-popup'

const CLIENT = {
  clientId: 'spa',
  domain: 'tenant.example.com',
  redirectUri: 'https://app.example.com/callback',
}

/** A fake of auth0-js that only opens popups, and records the options and parameters of each. */
function aLibrary() {
  const asked: { options: object; parameters: Record<string, string | number> }[] = []
  class WebAuth {
    popup
    constructor(options: object) {
      this.popup = {
        authorize: (parameters: Record<string, string | number>) => {
          asked.push({ options, parameters })
          return { originalPopup: {}, close: () => {} }
        },
      }
    }
  }
  return { asked, auth0: { WebAuth } as unknown as Auth0 }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

function ask(wantsToken: boolean) {
  vi.stubGlobal('document', { cookie: '' })
  const { asked, auth0 } = aLibrary()
  openSignIn(auth0, CLIENT, wantsToken).close()
  const [first] = asked
  if (!first) throw new Error('nothing was asked')
  return first
}

describe('openSignIn', () => {
  it('asks for a new sign-in, with values that no one can guess', () => {
    const { parameters } = ask(false)
    expect(parameters).toMatchObject({ prompt: 'login', max_age: 0 })
    expect(parameters.state).toMatch(/^[0-9a-f]{64}$/)
    expect(parameters.nonce).toMatch(/^[0-9a-f]{64}$/)
    const values = [parameters, ask(false).parameters].flatMap(({ state, nonce }) => [state, nonce])
    expect(new Set(values).size).toBe(4)
  })

  it('requests an access token only for the account that stays, and only with the scopes that linking needs', () => {
    expect(ask(true).parameters).toMatchObject({
      responseType: 'token id_token',
      audience: 'https://tenant.example.com/api/v2/',
      scope: 'openid email read:current_user update:current_user_identities',
    })
    const other = ask(false).parameters
    expect(other).toMatchObject({ responseType: 'id_token', scope: 'openid email' })
    expect(other).not.toHaveProperty('audience')
  })

  it('makes the library fetch keys from the configured tenant, whatever issuer a token names', () => {
    expect(ask(true).options).toMatchObject({
      overrides: { __jwks_uri: 'https://tenant.example.com/.well-known/jwks.json' },
    })
  })
})
