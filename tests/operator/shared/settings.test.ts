import { describe, expect, it, vi } from 'vitest'
import { Settings } from '@/operator/shared/settings'
import { type Question, Terminal } from '@/operator/shared/terminal'

/** A terminal with an operator who gives these answers in order, and the questions it asked. */
function answering(...answers: string[]) {
  const terminal = new Terminal(true)
  const asked: Question[] = []
  terminal.ask = async (question) => {
    asked.push(question)
    return answers.shift() || question.initial || ''
  }
  return { terminal, asked }
}

const CREDENTIALS = { AUTH0_PROVISION_CLIENT_ID: 'me', AUTH0_PROVISION_CLIENT_SECRET: 'my-secret' }
const ACCESS = {
  login: {
    origin: 'https://login.example.com',
    issuer: 'https://login.example.com/',
    host: 'login.example.com',
  },
  management: { origin: 'https://t.eu.auth0.com', issuer: 'https://t.eu.auth0.com/', host: 't.eu.auth0.com' },
}

describe('Settings', () => {
  it('asks for what is not set, and hides the secret', async () => {
    const { terminal, asked } = answering('login.example.com', 'me', 'my-secret', 't.eu.auth0.com')
    const access = await new Settings(terminal, {}, {}).access()
    expect(access).toEqual({ ...ACCESS, credentials: { id: 'me', secret: 'my-secret' } })
    expect(asked.map(({ isSecret }) => isSecret ?? false)).toEqual([false, false, true, false])
  })

  it('prefers the environment to the service’s file, and then asks nothing', async () => {
    const { terminal, asked } = answering()
    const file = { AUTH0_DOMAIN: 'old.example.com', AUTH0_MANAGEMENT_DOMAIN: 't.eu.auth0.com' }
    const settings = new Settings(terminal, { AUTH0_DOMAIN: 'login.example.com', ...CREDENTIALS }, file)
    expect(await settings.access()).toMatchObject(ACCESS)
    expect(asked).toEqual([])
  })

  it('signs in at the first of several domains, and gives the service all of them', async () => {
    const given = { AUTH0_DOMAIN: ' https://login.example.com/, login.example.org', ...CREDENTIALS }
    const file = {
      APP_BASE_URL: 'https://a.example.com',
      BRAND_NAME: 'Example',
      SUPPORT_URL: 'mailto:a@example.com',
    }
    const settings = new Settings(new Terminal(false), given, file)
    const access = await settings.access()
    expect([access.login, access.management]).toEqual([ACCESS.login, ACCESS.login])
    expect((await settings.service(access)).AUTH0_DOMAIN).toBe('login.example.com,login.example.org')
  })

  it('takes credentials only from the environment: the service must not have them', async () => {
    const file = { AUTH0_DOMAIN: 'login.example.com', AUTH0_PROVISION_TOKEN: 'token', ...CREDENTIALS }
    await expect(new Settings(new Terminal(false), {}, file).access()).rejects.toMatchObject({
      code: 'missing_settings',
      message: 'Not set: AUTH0_PROVISION_CLIENT_ID, AUTH0_PROVISION_CLIENT_SECRET.',
    })
  })

  it('asks for the addresses, and leaves the brand to the tenant', async () => {
    const { terminal, asked } = answering('https://accounts.example.com', '')
    const service = await new Settings(terminal, {}, {}).service({ ...ACCESS, credentials: { token: 't' } })
    expect(service).toEqual({
      APP_BASE_URL: 'https://accounts.example.com',
      AUTH0_DOMAIN: 'login.example.com',
      AUTH0_MANAGEMENT_DOMAIN: 't.eu.auth0.com',
      RESTART_URL: 'https://accounts.example.com',
    })
    expect(asked.map(({ initial }) => initial)).toEqual([undefined, 'https://accounts.example.com'])
  })

  it('passes on given values that it does not ask for: rules, the brand, and the token of the Action', async () => {
    const { terminal, asked } = answering()
    const given = {
      APP_BASE_URL: 'https://accounts.example.com',
      BRAND_NAME: 'Example',
      SUPPORT_URL: 'https://example.com/help',
      RESTART_URL: 'https://example.com/',
      PRIMARY: 'auth0',
    }
    const service = (environment: Record<string, string>) =>
      new Settings(terminal, environment, given).service({ ...ACCESS, credentials: { token: 't' } })
    const bearer = 'a1'.repeat(20)
    expect(await service({ ACTION_EVENTS_SECRET: bearer })).toEqual({
      ...given,
      AUTH0_DOMAIN: 'login.example.com',
      AUTH0_MANAGEMENT_DOMAIN: 't.eu.auth0.com',
      ACTION_EVENTS_SECRET: bearer,
    })
    expect(asked).toEqual([])
    await expect(service({ ACTION_EVENTS_SECRET: 'short' })).rejects.toMatchObject({ code: 'bad_settings' })
  })

  it('validates answers as the service does', async () => {
    const { terminal, asked } = answering('https://accounts.example.com')
    const settings = new Settings(terminal, { BRAND_NAME: 'x'.repeat(61) }, {})
    const service = settings.service({ ...ACCESS, credentials: { token: 't' } })
    await expect(service).rejects.toMatchObject({ code: 'bad_settings' })
    expect(asked[0]?.problem?.('accounts.example.com')).toBe('must be an http(s) origin without a path')
    expect(asked[0]?.problem?.('')).toBe('is missing')
    expect(asked[0]?.problem?.('https://accounts.example.com')).toBeUndefined()
  })
})

describe('Terminal', () => {
  it('never prints a hidden value', () => {
    const said = vi.spyOn(console, 'log').mockReturnValue()
    const failed = vi.spyOn(console, 'error').mockReturnValue()
    const terminal = new Terminal(false)
    terminal.hide('s3cret-value')
    terminal.hide('and')
    terminal.say('a s3cret-value', 'and s3cret-value')
    terminal.step('s3cret-value')
    terminal.end('s3cret-value')
    terminal.fail('code: s3cret-value')
    expect([...said.mock.calls, ...failed.mock.calls].flat()).toEqual([
      'a [secret]\nand [secret]',
      '[secret]',
      '[secret]',
      'code: [secret]',
    ])
  })
})
