import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'

vi.mock('next/server', () => ({ connection: async () => {} }))
vi.mock('next/headers', () => ({ headers: async () => new Headers() }))

beforeEach(() => {
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllEnvs()
})

async function renderWith(clientId: string) {
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, BROWSER_LINKING_CLIENT_ID: clientId }))
    vi.stubEnv(name, value)
  const pages = await Promise.all([
    import('@/app/settings/connected-accounts/browser/page'),
    import('@/app/settings/connected-accounts/browser/callback/page'),
  ])
  return Promise.allSettled(pages.map(({ default: render }) => render()))
}

describe('the pages of linking in the browser alone', () => {
  it('exist if a public client is configured', async () => {
    expect(await renderWith('spa')).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
  })

  it('answer 404 otherwise', async () => {
    const reason = expect.objectContaining({ digest: 'NEXT_HTTP_ERROR_FALLBACK;404' })
    expect(await renderWith('')).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ])
  })

  it('pass the canonical domain and the rules that the browser needs on to it', async () => {
    const [page] = await renderWith('spa')
    expect(page).toHaveProperty('value.props.client', {
      clientId: 'spa',
      domain: 'localhost:4401',
      redirectUri: 'http://localhost:3000/settings/connected-accounts/browser/callback',
    })
    expect(page).toHaveProperty('value.props.rules', { sameEmail: false, blocked: [] })
    expect(page).toHaveProperty('value.props.certificateOf', undefined)
  })
})
