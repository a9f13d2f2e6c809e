import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { readDesired } from '@/provision/desired'
import { buildAction } from '../support/action-build'

const FOLDER = fileURLToPath(new URL('../../auth0', import.meta.url))
const VALUES = { APP_BASE_URL: 'https://app.example.com', MANAGEMENT_API_DOMAIN: 'tenant.example.com' }
beforeAll(() => buildAction())

describe('readDesired', () => {
  it('fills in what has a value, and leaves the rest for later', () => {
    const { clients, grant, action } = readDesired(FOLDER, VALUES)
    expect(clients.proof.callbacks).toEqual([
      'https://app.example.com/link/callback',
      'https://app.example.com/settings/connected-accounts/callback',
    ])
    expect(grant.audience).toBe('https://tenant.example.com/api/v2/')
    expect(Object.fromEntries(action.secrets.map(({ name, value }) => [name, value]))).toEqual({
      MANAGEMENT_API_DOMAIN: 'tenant.example.com',
      MANAGEMENT_API_CLIENT_ID: '##MANAGEMENT_API_CLIENT_ID##',
      MANAGEMENT_API_CLIENT_SECRET: '##MANAGEMENT_API_CLIENT_SECRET##',
      SESSION_TOKEN_SHARED_SECRET: '##SESSION_TOKEN_SHARED_SECRET##',
      ACCOUNT_LINKING_SERVICE_URL: 'https://app.example.com/link',
    })
    expect(action.code).toMatch(/^\/\/ Account linking for Auth0: post-login Action/)
  })

  it('asks for no refresh tokens, for RS256, and for the mark that keeps the Action out of the proof', () => {
    const { clients } = readDesired(FOLDER, VALUES)
    for (const part of ['settings', 'proof'] as const)
      expect(clients[part]).toMatchObject({
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
        jwt_configuration: { alg: 'RS256' },
      })
    expect(clients.proof.client_metadata.account_linking).toBe('true')
    expect(clients.management.grant_types).toEqual(['client_credentials'])
  })

  it('asks for the scopes that are needed, and no others', () => {
    expect(readDesired(FOLDER, VALUES).grant.scope).toEqual([
      'read:users',
      'update:users',
      'update:users_app_metadata',
      'read:connections',
      'read:client_summary',
    ])
  })

  it('takes further secrets of the Action from the operator', () => {
    const { action } = readDesired(FOLDER, { ...VALUES, ACCOUNT_LINKING_MODE: 'observe' })
    expect(action.secrets.at(-1)).toEqual({ name: 'ACCOUNT_LINKING_MODE', value: 'observe' })
    expect(action.secrets).toHaveLength(6)
  })
})
