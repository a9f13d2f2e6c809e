import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseConfig } from '@/lib/config/config'
import { parseMessageOverrides } from '@/lib/config/message-overrides'
import { messagesIn } from '@/lib/messages'
import { overrideProblems } from '@/lib/messages/check-overrides'
import { en } from '@/lib/messages/en'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

vi.mock('@/messages/languages', async () =>
  (await import('../../support/builders/languages')).languagesOf('de'),
)

const folder = mkdtempSync(join(tmpdir(), 'overrides-'))
const written = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const OWN = { de: { buttons: { notNow: 'Später' } } }
const settingsOf = (MESSAGES_OVERRIDES: string) => {
  const parsed = parseConfig({ ...APP_ENVIRONMENT, MESSAGES_OVERRIDES })
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.config
}

describe('MESSAGES_OVERRIDES', () => {
  it.each([
    ['a file', written('own.json', JSON.stringify(OWN))],
    ['JSON', ` ${JSON.stringify(OWN)}`],
  ])('as %s replaces our sentences, in that language only', async (_what, value) => {
    const settings = settingsOf(value)
    const german = await messagesIn(settings, 'de')
    expect(german.buttons.notNow).toBe('Später')
    expect(german.buttons.never).toMatch(/^\[de\] /)
    expect((await messagesIn(settings, 'en')).buttons).toEqual(en.buttons)
    expect((await messagesIn({ messageOverrides: {} }, 'de')).buttons.notNow).toMatch(/^\[de\] /)
  })

  it('fills in the arguments of a replaced sentence', async () => {
    const settings = settingsOf(JSON.stringify({ en: { effects: { since: 'made on {date}' } } }))
    expect((await messagesIn(settings, 'en')).effects.since({ date: 'Friday' })).toBe('made on Friday')
  })

  it.each<[string, string, string]>([
    ['no file', join(folder, 'nowhere.json'), 'must be a file that can be read'],
    ['a folder', folder, 'must be a file that can be read'],
    ['no JSON', written('broken.json', '{"en":canary'), 'must hold JSON'],
    ['a list', written('list.json', '["canary"]'), 'must look like'],
    ['a number for a sentence', '{"en":{"buttons":{"notNow":1}}}', 'must look like'],
    ['a sentence for a language', '{"en":"canary"}', 'must look like'],
  ])('refuses %s, without repeating it', (_what, value, problem) => {
    const read = parseMessageOverrides(value)
    expect(read).toEqual({ problem: expect.stringContaining(problem) })
    expect(JSON.stringify(read)).not.toContain('canary')
  })
})

describe('overrideProblems', () => {
  it('finds no problem in sentences that can replace ours', () => {
    expect(overrideProblems({})).toEqual([])
    expect(overrideProblems(OWN)).toEqual([])
  })

  it.each<[string, Parameters<typeof overrideProblems>[0], string]>([
    ['an unknown language', { xx: {} }, 'xx is no language that there is'],
    ['an inherited one', { constructor: {} }, 'constructor is no language that there is'],
    [
      'an unknown key',
      { de: { buttons: { later: 'x' } } },
      'de.buttons.later is no sentence of messages/en.json',
    ],
    ['an inherited key', { de: { toString: 'x' } }, 'de.toString is no sentence of messages/en.json'],
    ['a sentence for a group', { de: { buttons: 'x' } }, 'de.buttons is no sentence of messages/en.json'],
    [
      'a group for a sentence',
      { de: { buttons: { notNow: { a: 'x' } } } },
      'de.buttons.notNow.a is no sentence of messages/en.json',
    ],
    ['a missing argument', { en: { effects: { since: 'x' } } }, 'en.effects.since lacks the argument {date}'],
    [
      'an unknown argument',
      { en: { buttons: { notNow: 'Not now, {name}' } } },
      'en.buttons.notNow has an argument that is not there: {name}',
    ],
    [
      'another kind of argument',
      { en: { effects: { since: '{date, number}' } } },
      'en.effects.since uses {date} as number; it is text',
    ],
    [
      'invalid ICU syntax',
      { en: { effects: { since: '{date' } } },
      'en.effects.since is not valid ICU: EXPECT_ARGUMENT_CLOSING_BRACE',
    ],
    ['markup', { en: { buttons: { notNow: '<i>Later</i>' } } }, 'en.buttons.notNow holds markup'],
  ])('finds %s', (_what, overrides, problem) => {
    expect(overrideProblems(overrides)).toEqual([problem])
  })
})
