/**
 * Events for tests, and a webhook that accepts or refuses them.
 * @module
 */
import { vi } from 'vitest'
import type { AccountEvent } from '@/lib/events/account-event'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'

/** The URL of the webhook in these tests, and the key that signs requests to it. */
export const WEBHOOK = {
  url: 'https://hooks.example.com/secret-path',
  secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

/** The time at which the fake clock of the tests starts. */
export const START = Date.parse('2026-11-24T09:00:00.000Z')

/** An event about a link of Ann's two accounts, with every field that a link can have. */
export function anEvent(changes: Partial<AccountEvent> = {}): AccountEvent {
  return {
    type: 'account.linked',
    userId: 'auth0|ann-0001',
    email: 'ann@example.com',
    other: { userId: 'google-oauth2|ann-0002', connection: 'google', email: 'ann.lee@example.org' },
    way: 'settings',
    clientId: 'demo-other',
    clientName: 'Other Company',
    ...changes,
  }
}

/**
 * Loads a module as a process with this environment would, before it has sent anything.
 *
 * @param load - Imports the module.
 * @param env - Changes to a complete environment with a webhook; an empty value counts as missing.
 */
export async function startedWith<Module>(
  load: () => Promise<Module>,
  env: Record<string, string> = {},
): Promise<Module> {
  const webhook = { EVENTS_WEBHOOK_URL: WEBHOOK.url, EVENTS_WEBHOOK_SECRET: WEBHOOK.secret }
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, ...webhook, ...env }))
    vi.stubEnv(name, value)
  forgetProcessMemory('event-webhook', 'jobs-waiting', 'taken', 'cached')
  vi.resetModules()
  return load()
}

/** One request to the webhook. */
export interface Attempt {
  at: number
  headers: Record<string, string>
  body: string
  init: RequestInit
}

/**
 * Sends every request of the process to a webhook.
 *
 * @param answer - Responds to the attempt with this number, counted from 1.
 * @returns The attempts so far.
 */
export function aWebhook(
  answer: (count: number, init: RequestInit) => Response | Promise<Response> = () => new Response(),
) {
  const attempts: Attempt[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (url !== WEBHOOK.url) throw new Error('somewhere else')
    const headers = Object.fromEntries(new Headers(init.headers))
    attempts.push({ at: Date.now(), headers, body: String(init.body), init })
    return answer(attempts.length, init)
  })
  return attempts
}

/** Captures the log. Its functions return the lines so far, all or those with one event name. */
export function aLog() {
  const write = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const text = () => write.mock.calls.map(([line]) => String(line))
  return {
    text: () => text().join('\n'),
    lines: (event?: string): Record<string, unknown>[] =>
      text()
        .map((line) => JSON.parse(line))
        .filter((line) => event === undefined || line.event === event),
  }
}
