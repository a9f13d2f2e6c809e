import type { Page } from '@playwright/test'
import { type DemoAddresses, expect, signIn, test } from '../support/browser/e2e'

// The test page stands for a page of another application, whose policy would allow frames. So bypass the policy of ours.
test.use({ bypassCSP: true })

function authorize(demo: DemoAddresses, parameters: Record<string, string>): string {
  const url = new URL('/authorize', demo.tenant)
  const all = {
    client_id: 'demo-spa',
    redirect_uri: `${demo.app}/auth/callback`,
    scope: 'openid email',
    state: 'a </script> state',
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
  return url.href
}

const CODE = { response_type: 'code', code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }

/** Makes the page open a URL in a window or a frame, and returns the first message that the page then receives. */
const messageFrom = (page: Page, address: string, where: 'window' | 'frame') =>
  page.evaluate(
    ([url, place]) =>
      new Promise<{ origin: string; data: { type: string; response: Record<string, string> } }>((resolve) => {
        addEventListener('message', ({ origin, data }) => resolve({ origin, data }), { once: true })
        if (place === 'window') return open(url)
        const frame = document.createElement('iframe')
        frame.src = url ?? ''
        document.body.append(frame)
      }),
    [address, where],
  )

test('a page signs a person in with `web_message` in a window, and then silently (`prompt=none`) in a frame', async ({
  page,
  demo,
}) => {
  await page.goto(`${demo.app}/healthz`)
  const silently = authorize(demo, { ...CODE, response_mode: 'web_message', prompt: 'none' })
  const before = await messageFrom(page, silently, 'frame')
  expect(before.data.response.error).toBe('login_required')

  const opened = page.waitForEvent('popup')
  const answer = messageFrom(page, authorize(demo, { ...CODE, response_mode: 'web_message' }), 'window')
  await signIn(await opened, 'ann@example.com')
  expect(await answer).toEqual({
    origin: demo.tenant,
    data: {
      type: 'authorization_response',
      response: { code: expect.any(String), state: 'a </script> state' },
    },
  })

  const after = await messageFrom(page, silently, 'frame')
  expect(after.data.response).toEqual({ code: expect.any(String), state: 'a </script> state' })
})

test('with `form_post`, a form that submits itself reaches the callback', async ({ page, demo }) => {
  let body: URLSearchParams | undefined
  await page.route('**/auth/callback', (route) => {
    body = new URLSearchParams(route.request().postData() ?? '')
    return route.fulfill({ contentType: 'text/html', body: 'received' })
  })
  await page.goto(
    authorize(demo, { response_type: 'id_token', nonce: 'a nonce', response_mode: 'form_post' }),
  )
  await signIn(page, 'ann@example.com')
  await expect(page.getByText('received')).toBeVisible()
  expect([body?.get('state'), body?.get('id_token')?.split('.').length]).toEqual(['a </script> state', 3])
})
