import { describe, expect, it } from 'vitest'
import { LANGUAGES, loadMessages } from '@/lib/messages/load-messages'
import { readSources } from '../../support/source-graph'

describe('loadMessages', () => {
  it('loads every language, in its own words, and keeps it', async () => {
    for (const tag of LANGUAGES) {
      const messages = await loadMessages(tag)
      expect(messages.language).toBe(tag)
      expect(messages.buttons.link).not.toBe('')
      expect(await loadMessages(tag)).toBe(messages)
    }
  })

  it('is the only way to sentences: nothing loads a file of them, or what reads it, before it is needed', () => {
    const sources = readSources(['app', 'components', 'core', 'lib', 'operator'])
    const eager = sources
      .filter(({ path }) => path !== 'lib/messages/en.ts')
      .filter(({ code }) =>
        /import (?!type\b)[^'()]*? from '[^']*(?:\/messages\/en|\/en|messages\/[\w-]+\.json|\/read-messages|use-intl[^']*)'/.test(
          code,
        ),
      )
      .map(({ path }) => path)
    // What reads a file of sentences is itself loaded on first use.
    expect(eager).toEqual(['lib/messages/read-messages.ts'])
  })
})
