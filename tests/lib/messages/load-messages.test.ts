import { describe, expect, it } from 'vitest'
import { LANGUAGES, loadMessages } from '@/lib/messages/load-messages'
import { readSources } from '../../support/docs/source-graph'

describe('loadMessages', () => {
  it('loads every language, and caches it', async () => {
    const none = {}
    for (const tag of LANGUAGES) {
      const messages = await loadMessages(tag, none)
      expect(messages.language).toBe(tag)
      expect(messages.buttons.link).not.toBe('')
      expect(await loadMessages(tag, none)).toBe(messages)
    }
  })

  it('is the only way to load sentences: no module imports them, or a parser of them, before they are needed', () => {
    const sources = readSources(['app', 'components', 'core', 'lib', 'operator'])
    const eager = sources
      .filter(({ path }) => path !== 'lib/messages/en.ts')
      .filter(({ code }) =>
        /import (?!type\b)[^'()]*? from '[^']*(?:\/messages\/en|\/en|messages\/[\w-]+\.json|\/read-messages|\/check-overrides|use-intl[^']*)'/.test(
          code,
        ),
      )
      .map(({ path }) => path)
    // The first two modules are themselves loaded on demand.
    expect(eager.sort()).toEqual([
      'lib/messages/check-overrides.ts',
      'lib/messages/read-messages.ts',
      'operator/doctor/main.ts',
    ])
  })
})
