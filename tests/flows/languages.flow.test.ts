import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { LANGUAGES } from '@/lib/messages/load-messages'
import { keysOf, sentenceAt } from '@/lib/messages/sentence-keys'
import { ROOT } from '../../scripts/lib/paths.mjs'
import { FlowBrowser } from '../support/browser/flow-browser'
import { Flow } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { app } = flow.demo
const RIGHT_TO_LEFT = ['ar', 'he']
const read = (tag: string) => JSON.parse(readFileSync(join(ROOT, `messages/${tag}.json`), 'utf8'))
const dirOf = (tag: string) => (RIGHT_TO_LEFT.includes(tag) ? 'rtl' : 'ltr')

/** The language and the text direction that a page declares. */
const spoken = ({ html }: Awaited<ReturnType<FlowBrowser['visit']>>) => {
  const root = html.querySelector('html')
  return [root?.getAttribute('lang'), root?.getAttribute('dir')]
}

describe.each(LANGUAGES)('the language %s', (tag) => {
  const headers = { 'accept-language': `${tag}, xx;q=0.5` }

  it.each(['/', '/nowhere', '/sign-in-failed', '/link', '/link/prompt'])('is used at %s', async (path) => {
    const page = await new FlowBrowser().visit(app + path, { headers })
    expect(spoken(page)).toEqual([tag, dirOf(tag)])
  })
})

/** Three languages are enough here, because the browser tests show the prompt in every language. */
describe.each(['ar', 'pt-BR', 'zh-TW'])('the language %s', (tag) => {
  it('is the language of the prompt and of later pages if it is chosen at the prompt', async () => {
    await flow.tenant.reset()
    const browser = new FlowBrowser()
    const { url } = await flow.annAtPrompt(browser)
    url.searchParams.set('languages', '1')
    const form = (await browser.visit(url)).html.querySelector('.languages')
    expect(form?.querySelectorAll('option')).toHaveLength(LANGUAGES.length)
    expect(form?.querySelector('input[name=flow]')?.getAttribute('value')).toBe(url.searchParams.get('flow'))
    url.searchParams.delete('languages')
    url.searchParams.set('lang', tag)
    const chosen = await browser.visit(url)
    url.searchParams.delete('lang')
    for (const page of [chosen, await browser.visit(url), await browser.visit(app)])
      expect(spoken(page)).toEqual([tag, dirOf(tag)])
    const title = chosen.html.querySelector('h1')?.text ?? ''
    expect(Object.values(read(tag).prompt)).toContain(title)
  })
})

describe('scripts for browsers', () => {
  const folder = join(ROOT, '.next/static')
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  /** A text, and the forms in which a minifier may write it: with Unicode escapes. */
  const ways = (text: string) => [
    text,
    ...[false, true].map((isUpper) =>
      text.replace(/[^ -~]/g, (letter) => {
        const code = letter.charCodeAt(0).toString(16).padStart(4, '0')
        return `\\u${isUpper ? code.toUpperCase() : code}`
      }),
    ),
  ]
  const isThere = (text: string) => ways(text).some((way) => scripts.some((script) => script.includes(way)))

  it.each(LANGUAGES)('contain no sentence in %s', (tag) => {
    const file = read(tag)
    const sentences = keysOf(file)
      .map((key) => String(sentenceAt(file, key)))
      // Skip short texts: the scripts contain words such as names of providers for other reasons.
      .filter((text) => text.length > 24 || (/[^ -~]/.test(text) && text.length > 8))
    expect(sentences.length).toBeGreaterThan(50)
    expect(sentences.filter(isThere)).toEqual([])
  })

  it('are searched by a function that finds a text which is there', () => {
    expect(isThere('react.')).toBe(true)
  })
})
