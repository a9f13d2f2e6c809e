import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { Flow } from '../support/flow/flow'
import { PAGE, Settings } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { app } = flow.demo
beforeEach(() => flow.tenant.reset())

const OURS = { origin: app, 'sec-fetch-site': 'same-origin' }
const URLENCODED = { ...OURS, 'content-type': 'application/x-www-form-urlencoded' }
const MOST_TRIES = 40
const TWO_MEGABYTES = 'a'.repeat(2 ** 21)

/**
 * Sends a request on a new connection, and without fetch, which refuses some of these requests. The server may respond and
 * close the connection before it has read everything, and the response may then be lost. Then this sends the request again.
 */
async function send(...request: Parameters<typeof sendOnce>): ReturnType<typeof sendOnce> {
  for (let tries = 1; ; tries += 1) {
    const answer = await sendOnce(...request).catch((error) => {
      if (tries === MOST_TRIES) throw error
      return undefined
    })
    if (answer && (answer.text !== '' || tries === MOST_TRIES)) return answer
  }
}

function sendOnce(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
  isChunked = false,
) {
  const { protocol, hostname, port, host } = new URL(app)
  const request = protocol === 'https:' ? requestHttps : requestHttp
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, agent: false, headers: { host, ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => {
          text += chunk
        })
        response.once('end', () => resolve({ status: response.statusCode, text }))
        // The connection ends with an error if the server responded before it read the whole request.
        response.once('error', () => resolve({ status: response.statusCode, text }))
      },
    )
    sent.once('error', reject)
    if (isChunked) sent.write(body.slice(0, 100))
    sent.end(isChunked ? body.slice(100) : body)
  })
}

async function expectAlive(): Promise<void> {
  expect((await fetch(`${app}/healthz`)).status).toBe(200)
}

describe('G18 headers', () => {
  it.each<[string, string, Record<string, string>]>([
    ['a large cookie', '/healthz', { cookie: `a=${'x'.repeat(20_000)}` }],
    ['a large cookie, at the page “Sign-in methods”', PAGE, { cookie: `session=${'x'.repeat(20_000)}` }],
    [
      '500 of them',
      '/healthz',
      Object.fromEntries(Array.from({ length: 500 }, (_unused, index) => [`x-${index}`, 'v'.repeat(40)])),
    ],
    ['a token of 20 kB', `/link?state=x&session_token=${'a'.repeat(20_000)}`, {}],
  ])('that are too large are refused: %s', async (_what, path, headers) => {
    expect((await send('GET', path, headers)).status).toBe(431)
    await expectAlive()
  })

  it.each<[string, string, Record<string, string>]>([
    ['64 kB of cookies', '/healthz', { cookie: `a=${'x'.repeat(2 ** 16)}` }],
    ['a token of 1 MB', `/link?state=x&session_token=${'a'.repeat(2 ** 20)}`, {}],
  ])('that are much too large end the connection, and nothing else: %s', async (_what, path, headers) => {
    // The connection may end before the response arrives.
    const status = await send('GET', path, headers).then(
      (answer) => answer.status,
      ({ code }) => code,
    )
    expect([431, 'ECONNRESET', 'EPIPE']).toContain(status)
    await expectAlive()
  })
})

describe('F22 forms', () => {
  it.each(['/link/authenticate', '/link/finish', `${PAGE}/connect`, `${PAGE}/step-up`, PAGE])(
    'of 2 MB are refused at %s',
    async (path) => {
      const dee = new Settings(flow, new FlowBrowser())
      await dee.open('dee@example.com')
      const headers = { ...URLENCODED, cookie: await dee.browser.jar.getCookieString(app) }
      const length = { 'content-length': String(TWO_MEGABYTES.length) }
      const { status, text } = await send('POST', path, { ...headers, ...length }, TWO_MEGABYTES)
      expect(status).toBe(413)
      expect(text).toContain('data-error="bad_request"')
      await expectAlive()
    },
  )

  it.each(['/link/authenticate', '/link/finish', `${PAGE}/connect`])(
    'of 2 MB without a Content-Length are refused at %s',
    async (path) => {
      const dee = new Settings(flow, new FlowBrowser())
      await dee.open('dee@example.com')
      const headers = { ...URLENCODED, cookie: await dee.browser.jar.getCookieString(app) }
      expect((await send('POST', path, headers, TWO_MEGABYTES, true)).status).toBe(413)
      await expectAlive()
    },
  )

  it('of 2 MB for a server action are refused with or without a length, and change nothing', async () => {
    // Use new accounts, because the application caches the suggestions that another test caused.
    const owned = { email: 'zoe@example.com', email_verified: true, password: 'correct horse' }
    const identityOf = (provider: string, connection: string) => ({ provider, connection, user_id: 'zoe' })
    await flow.tenant.reset({
      users: [
        {
          user_id: 'auth0|zoe',
          ...owned,
          identities: [identityOf('auth0', 'Username-Password-Authentication')],
        },
        { user_id: 'github|zoe', ...owned, identities: [identityOf('github', 'github')] },
      ],
    })
    const zoe = new Settings(flow, new FlowBrowser())
    const page = await zoe.open('zoe@example.com')
    const fields = fieldsOf(formOf(page, 'Ask me again'))
    const action = Object.keys(fields).find((name) => name.startsWith('$ACTION_ID_')) ?? ''
    const cookie = await zoe.browser.jar.getCookieString(app)
    const form = new FormData()
    form.set(action, '')
    form.set('suggestion', TWO_MEGABYTES)
    const headers = { ...OURS, cookie }
    const writes = await flow.tenant.writes()
    const byForm = await fetch(`${app}${PAGE}`, { method: 'POST', headers, body: form })
    const byScript = await fetch(`${app}${PAGE}`, {
      method: 'POST',
      headers: { ...headers, 'next-action': action.replace('$ACTION_ID_', ''), 'content-type': 'text/plain' },
      body: JSON.stringify([TWO_MEGABYTES]),
    })
    // A body without a Content-Length is refused unread.
    const chunked = { ...headers, 'content-type': 'multipart/form-data; boundary=x' }
    const body = `--x\r\ncontent-disposition: form-data; name="${action}"\r\n\r\n${TWO_MEGABYTES}\r\n--x--\r\n`
    const unannounced = await send('POST', PAGE, chunked, body, true)
    expect([byForm.status, byScript.status, unannounced.status]).toEqual([413, 413, 413])
    expect(await flow.tenant.writes()).toEqual(writes)
    await expectAlive()
  })
})
