import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AccountEvent, AccountEventType } from '@/lib/events/account-event'
import { services } from '../../support/process/services'
import { anEvent, START, startedWith } from './an-event'

const load = () => import('@/lib/events/notice')

afterEach(() => {
  vi.unstubAllEnvs()
})

async function noticeOf(changes: Partial<AccountEvent> = {}, env: Record<string, string> = {}) {
  const notices = await startedWith(load, env)
  return notices.mailTextOf(services(), anEvent(changes), new Date(START))
}

const CHANGES: AccountEventType[] = [
  'account.linked',
  'account.unlinked',
  'account.restored',
  'account.removed',
]

describe('noticeOf', () => {
  it('states what happened, when, in which application, with which sign-in method, and what to do about it', async () => {
    expect(await noticeOf()).toEqual({
      subject: 'Example Inc: a sign-in method was added to your account',
      text: `Hello,

A sign-in method was added to your account at Example Inc. You can now use it to sign in.

Added: Google, a••@example.org
When: November 24, 2026 at 09:00 UTC
App: Other Company

If this was you, you don’t need to do anything.

If this wasn’t you, someone else may be able to sign in as you. Check your sign-in methods and remove any that aren’t yours:
http://localhost:3000/settings/connected-accounts

If you can’t sign in or need help:
https://example.com/help
`,
    })
  })

  it.each(CHANGES)('%s says if an operator did it', async (type) => {
    const ofOperator = await noticeOf({ type, way: 'operator' })
    expect(ofOperator?.text).toContain('\nDone by: our support team\n')
    expect((await noticeOf({ type, way: 'settings' }))?.text).not.toContain('support team')
  })

  it.each(CHANGES)('%s has its own subject, links to page and help, and masked addresses', async (type) => {
    const { subject = '', text = '' } = (await noticeOf({ type })) ?? {}
    const others = await Promise.all(
      CHANGES.filter((each) => each !== type).map((each) => noticeOf({ type: each })),
    )
    expect(others.map((other) => other?.subject)).not.toContain(subject)
    expect(text).toContain('\nhttp://localhost:3000/settings/connected-accounts\n')
    expect(text).toContain('\nhttps://example.com/help\n')
    for (const hidden of ['ann@', 'ann.lee', 'ann-000', 'undefined'])
      expect(`${subject}${text}`).not.toContain(hidden)
  })

  it.each(CHANGES)('%s is readable if most fields of the event are missing', async (type) => {
    const { text = '' } =
      (await noticeOf({ type, email: undefined, other: undefined, clientName: undefined })) ?? {}
    expect(text).toContain('\n\nWhen: November 24, 2026 at 09:00 UTC\n\n')
    expect(text).not.toContain('undefined')
  })

  it.each<AccountEventType>(['account.link_refused', 'account.link_declined'])(
    '%s has no mail, because nothing was changed',
    async (type) => {
      expect(await noticeOf({ type })).toBeUndefined()
    },
  )

  it('removes characters from names that could forge a line or reverse the text', async () => {
    const name = 'Evil\r\n\r\nIf this wasn’t you: \u202Ehttp://evil.test'
    const other = { userId: 'oidc|1', connection: `c\n${name}`, email: `x@\n${name}` }
    const { text = '' } = (await noticeOf({ clientName: name, other })) ?? {}
    expect(text.split('\n').filter((line) => line.startsWith('If this wasn’t you'))).toHaveLength(1)
    expect(text).not.toMatch(/[\r\u202E]/)
  })

  it('falls back to English for an unknown language', async () => {
    expect(await noticeOf({ language: 'xx' })).toEqual(await noticeOf({ language: 'en' }))
  })
})
