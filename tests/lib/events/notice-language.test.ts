import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendEvent } from '@/lib/events/send-event'
import { aLog, anEvent, aWebhook, START, startedWith, WEBHOOK } from './an-event'

vi.mock('@/messages/languages', async () =>
  (await import('../../support/builders/languages')).languagesOf('de', 'ar'),
)

beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const load = async () => {
  const [
    { mailTextOf: noticeOf },
    { createEvents, inLanguage },
    { relayActionEvent },
    { testConfig: settings },
  ] = await Promise.all([
    import('@/lib/events/notice'),
    import('@/lib/events/emit-event'),
    import('@/lib/events/action-event'),
    import('../../support/process/services'),
  ])
  return { noticeOf, createEvents, inLanguage, relayActionEvent, settings }
}

/** The subject of the mail in the event that the webhook receives. */
async function subjectOf(emit: (modules: Awaited<ReturnType<typeof load>>) => unknown) {
  const modules = await startedWith(load)
  const attempts = aWebhook()
  aLog()
  await emit(modules)
  await vi.waitFor(() => expect(attempts).toHaveLength(1))
  return JSON.parse(attempts[0]?.body ?? '').data.notice.subject
}

const BRANDS = {
  known: () => ({ name: 'Example Inc', supportUrl: 'https://example.com/help', enabledLocales: [] }),
}

const send = async (id: string, body: string) => void (await sendEvent(WEBHOOK, id, body))

describe('the mail of an event', () => {
  it.each<[string | undefined, readonly string[], string, string]>([
    ['de', [], '[de] ', '24. November 2026 um 09:00 UTC'],
    ['xx ar-EG en', [], '[ar] ', 'UTC'],
    [undefined, [], '', 'November 24, 2026 at 09:00 UTC'],
    [undefined, ['de-AT', 'ar'], '[de] ', '24. November 2026 um 09:00 UTC'],
    ['en', ['de'], '', 'November 24, 2026 at 09:00 UTC'],
  ])(
    'for the languages %s and a tenant with %j begins with %j',
    async (language, defaultLocales, mark, when) => {
      const { noticeOf, settings } = await startedWith(load)
      const event = anEvent(language === undefined ? {} : { language })
      const notice = await noticeOf(
        { ...settings(), defaultLocales: () => defaultLocales },
        event,
        new Date(START),
      )
      expect(notice?.subject.startsWith(`${mark}Example Inc`)).toBe(true)
      expect(notice?.text).toContain(when)
    },
  )

  it('for a change on a page is in the language of that page', async () => {
    const subject = await subjectOf(({ createEvents, inLanguage, settings }) =>
      inLanguage(createEvents(settings(), BRANDS, send), 'ar').emit(anEvent()),
    )
    expect(subject).toMatch(/^\[ar\] /)
  })

  it('for a link that the Action reports is in the language of that login', async () => {
    const subject = await subjectOf(({ relayActionEvent, createEvents, settings }) =>
      relayActionEvent(
        {
          eventsIncludeEmail: false,
          store: { take: async () => true } as never,
          events: createEvents(settings(), BRANDS, send),
          managementApi: () => ({ getUser: () => Promise.reject(new Error('not needed')) }),
        },
        {
          type: 'account.linked',
          timestamp: new Date(START).toISOString(),
          data: {
            primary_user_id: 'auth0|ann',
            secondary_user_id: 'google-oauth2|ann',
            connection: 'google-oauth2',
            client_id: 'shop',
            ui_locales: 'xx de-CH en',
          },
        },
        async () => undefined,
      ),
    )
    expect(subject).toMatch(/^\[de\] /)
  })
})
