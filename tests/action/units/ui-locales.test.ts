import { describe, expect, it } from 'vitest'
import { uiLocalesOf } from '@/action/ui-locales'

describe('uiLocalesOf', () => {
  it.each([
    [undefined, ''],
    [{}, ''],
    [{ ui_locales: [] }, ''],
    [{ ui_locales: 'de en' }, 'de en'],
    [{ ui_locales: ['pt-BR', 'en'] }, 'pt-BR en'],
  ])('of the transaction %j is %j', (transaction, expected) => {
    expect(uiLocalesOf({ transaction })).toBe(expected)
  })
})
