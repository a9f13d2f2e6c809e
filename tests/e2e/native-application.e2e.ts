import type { Page } from '@playwright/test'
import {
  button,
  control,
  countLinks,
  type DemoAddresses,
  expect,
  openConfirm,
  openPrompt,
  prove,
  test,
} from '../support/browser/e2e'

const CALLBACK = 'com.example.demo://callback'

/** Presses a button that resumes the login, and returns the URL to which the tenant then redirects. */
async function pressAndFollow(page: Page, demo: DemoAddresses, name: string): Promise<URL> {
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.url().startsWith(`${demo.tenant}/continue`)),
    button(page, name).click(),
  ])
  expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([])
  return new URL((await response.allHeaders()).location ?? '')
}

test.describe('a login that started in a native app', () => {
  const start = { callback: 'native' } as const

  for (const [what, act, links, details] of [
    [
      'a link',
      async (page: Page, demo: DemoAddresses) => {
        await openConfirm(page, demo, start)
        return pressAndFollow(page, demo, 'Link accounts')
      },
      1,
      {},
    ],
    [
      'a decline',
      async (page: Page, demo: DemoAddresses) => {
        await openPrompt(page, demo, start)
        return pressAndFollow(page, demo, 'Not now')
      },
      0,
      {},
    ],
    [
      'a wrong account',
      async (page: Page, demo: DemoAddresses) => {
        await openPrompt(page, demo, start)
        await prove(page, 'dee@example.com')
        return pressAndFollow(page, demo, 'Continue signing in without linking')
      },
      0,
      { tag: '@one-site' },
    ],
    [
      'a link that fails',
      async (page: Page, demo: DemoAddresses) => {
        await openConfirm(page, demo, start)
        await control(demo, 'faults', [
          { match: { method: 'POST', path: '/identities$' }, effect: { status: 400 } },
        ])
        return pressAndFollow(page, demo, 'Link accounts')
      },
      0,
      { tag: '@one-site' },
    ],
  ] as const)
    test(`reaches its callback with a code after ${what}`, details, async ({ page, demo }) => {
      const callback = await act(page, demo)
      expect(callback.href).toMatch(new RegExp(`^${CALLBACK}\\?`))
      expect(callback.searchParams.get('code')).toBeTruthy()
      expect(callback.searchParams.has('error')).toBe(false)
      expect(await countLinks(demo)).toBe(links)
    })
})
