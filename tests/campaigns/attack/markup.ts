import { parse } from 'node-html-parser'

const RUNS = /^\s*(?:javascript|vbscript|data:text)/i
const ADDRESSES = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'background']

/**
 * Whether a text from an attacker became part of a document's code.
 *
 * @param html - The document.
 * @param marker - A word in each text that was sent.
 * @returns What was found; undefined if the text stayed text.
 */
export function injected(html: string, marker: string): string | undefined {
  if (!html.includes(marker)) return undefined
  for (const element of parse(html).querySelectorAll('*')) {
    const tag = element.tagName.toLowerCase()
    if (tag.includes(marker)) return `an element ${tag}`
    for (const [name, value] of Object.entries(element.attributes)) {
      if (name.includes(marker)) return `an attribute ${name} of ${tag}`
      const isCode = /^on/i.test(name) || name === 'style' || name === 'srcdoc'
      if (value.includes(marker) && (isCode || (ADDRESSES.includes(name) && RUNS.test(value))))
        return `${name} of ${tag}`
    }
    if ((tag === 'script' || tag === 'style') && isOutsideTexts(element.rawText, marker)) return `a ${tag}`
  }
  return undefined
}

/** Whether a script contains a word outside its string literals. */
const isOutsideTexts = (script: string, marker: string) =>
  script.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').includes(marker)
