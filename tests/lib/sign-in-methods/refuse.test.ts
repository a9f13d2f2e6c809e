import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError, type LinkingErrorCode } from '@/core/errors'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import { respondRefused } from '@/lib/sign-in-methods/refuse'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/page-services'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => vi.unstubAllEnvs())

const answer = (error: unknown) =>
  respondRefused(services(), new Request('http://localhost:3000/settings/connected-accounts/x'), error)

describe('respondRefused', () => {
  it.each<[Error, string]>([
    [new SettingsRefusedError('unknown_connection'), 'unknown_connection'],
    [new LinkingError('tenant_unreachable'), 'tenant_unreachable'],
    [new LinkingError('store_unavailable'), 'store_unavailable'],
    [new ManagementApiError('missing_scope', 403), 'missing_scope'],
    // The same code, but about a flow of the page.
    [new SettingsRefusedError('no_flow'), 'no_flow'],
  ])('redirects to the page, which states the reason: %s', async (error, code) => {
    const response = await answer(error)
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      `http://localhost:3000/settings/connected-accounts?refused=${code}`,
    ])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  const WAY = 'client_id=shop&return_to=https://shop.example/?a=1%26b'

  it('keeps the way back from the URL or the flow', async () => {
    const request = new Request(`http://localhost:3000/settings/connected-accounts/connect?${WAY}`)
    const error = new SettingsRefusedError('unknown_connection')
    const own = await respondRefused(services(), request, error)
    expect(own.headers.get('location')).toBe(
      `http://localhost:3000/settings/connected-accounts?refused=unknown_connection&${WAY}`,
    )
    const ofFlow = await respondRefused(services(), request, error, { clientId: 'other', returnTo: 'x:y' })
    expect(ofFlow.headers.get('location')).toMatch(
      /\?refused=unknown_connection&client_id=other&return_to=x:y$/,
    )
    const tooOften = await respondRefused(services(), request, new LinkingError('rate_limited'))
    expect(await tooOften.text()).toContain(
      `href="http://localhost:3000/settings/connected-accounts?${WAY.replaceAll('&', '&amp;')}"`,
    )
  })

  it.each<LinkingErrorCode>(['csrf', 'bad_request', 'no_flow', 'method_not_allowed'])(
    'shows a separate page for %s, because the request did not come from one of our pages',
    async (code) => {
      const response = await answer(new LinkingError(code))
      expect(response.headers.get('location')).toBeNull()
      expect(await response.text()).toContain(`data-error="${code}"`)
    },
  )

  it('reveals nothing of an unexpected error', async () => {
    const response = await answer(new TypeError('canary of ann@example.com'))
    const text = await response.text()
    expect([response.status, text.includes('data-error="internal"')]).toEqual([500, true])
    expect(text).not.toContain('canary')
  })
})
