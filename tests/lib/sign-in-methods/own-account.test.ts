import { describe, expect, it, vi } from 'vitest'
import { ownAccount } from '@/lib/sign-in-methods/own-account'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { configure, services } from '../../support/process/page-services'
import { aSession } from './a-session'
import { atTenant } from './at-tenant'

vi.mock('next/navigation', () => ({
  redirect: (target: string) => {
    throw new Error(`redirect to ${target}`)
  },
}))

const tenant = await atTenant()
const read = (session = aSession()) =>
  ownAccount(services(), managementApiFor(services(), session, 'view'), session)

describe('ownAccount', () => {
  it('is the account of the session', async () => {
    expect(await read()).toMatchObject({ done: { user_id: 'auth0|ann' } })
  })

  it.each<[string, () => unknown]>([
    ['not_found', () => tenant.state.users.delete('auth0|ann')],
    ['blocked', () => tenant.change('auth0|ann', { blocked: true })],
    ['missing_scope', () => tenant.play({ match: { path: 'users' }, effect: { status: 403 } })],
    ['management_failed', () => tenant.play({ match: { path: 'users' }, effect: { status: 401 } })],
  ])('is the refusal %s if the account cannot be shown', async (code, happens) => {
    happens()
    expect(await read()).toEqual({ refused: code })
  })

  it("redirects to a sign-in if the person's own token has expired", async () => {
    configure({ linkingAuthority: 'user' })
    await expect(read(aSession({ accessToken: 'expired' }))).rejects.toThrow(
      'redirect to /auth/login?returnTo=%2Fsettings%2Fconnected-accounts',
    )
    tenant.play({ match: { path: 'users' }, effect: { status: 403 } })
    expect(await read()).toEqual({ refused: 'missing_scope' })
  })

  it('throws unexpected errors', async () => {
    const api = services().managementApi()
    vi.spyOn(api, 'getUser').mockRejectedValue(new TypeError('broken'))
    await expect(ownAccount(services(), api, aSession())).rejects.toThrow('broken')
  })
})
