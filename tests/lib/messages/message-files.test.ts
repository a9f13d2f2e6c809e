import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fileProblems } from '@/lib/messages/check-file'
import { LANGUAGES } from '@/lib/messages/load-messages'
import { keysOf } from '@/lib/messages/sentence-keys'
import { SAME_AS_ENGLISH } from '@/messages/same-as-english'

const tags = readdirSync('messages')
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
const read = (tag: string) => JSON.parse(readFileSync(`messages/${tag}.json`, 'utf8'))
const english = read('en')

describe('messages/', () => {
  it('contains one file for each language', () => {
    expect([...LANGUAGES].sort()).toEqual([...tags].sort())
    expect(keysOf(english).length).toBeGreaterThan(300)
  })

  it.each(tags)(
    '%s.json has every sentence, with its arguments and plurals, and no sentence in English',
    (tag) => {
      expect(fileProblems(tag, read(tag), english)).toEqual([])
    },
  )

  it('lists in SAME_AS_ENGLISH only sentences that exist', () => {
    const { all: _all, ...own } = SAME_AS_ENGLISH
    const unknown = Object.entries(own).flatMap(([tag, keys]) =>
      keys.filter((key) => !keysOf(english).includes(key)).map((key) => `${tag} ${key}`),
    )
    expect(unknown).toEqual([])
    expect(Object.keys(own).filter((tag) => !tags.includes(tag))).toEqual([])
  })
})
