import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OPTION_WORDS, POLICY_OPTIONS, type PolicyOption } from '@/core'
import { Environment } from '@/lib/config/environment'
import { readAsNextDoes } from '@/tests/support/operator/next-env'

const FILE = '.env.example'
const BEGIN = '# --- written from core/rules/policy-options.ts ---'
const END = '# --- end ---'
const WIDTH = 122

const example = readFileSync(FILE, 'utf8')

/** A sentence, wrapped into comment lines. */
function comment(sentence: string): string {
  const lines: string[] = []
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH) lines.splice(-1, 1, `${last} ${word}`)
    else lines.push(`# ${word}`)
  }
  return lines.join('\n')
}

/** The rules in the table of options, each with its description and default. */
const rules = Object.values(POLICY_OPTIONS).map((option) => {
  const { name, default: usual = '' }: PolicyOption = option
  const words = OPTION_WORDS[option.name].replace(/^[a-z]/, (letter) => letter.toUpperCase())
  return `${comment(`${words.replaceAll('`', '')}.`)}\n${name}=${usual}`
})

describe('.env.example', () => {
  it('is parsed by Next.js as written', () => {
    const written = example
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => {
        const [name = '', value = ''] = line.split(/=(.*)/)
        return [name, value.replace(/^"(.*)"$/, '$1')]
      })
    expect(readAsNextDoes(example)).toEqual(Object.fromEntries(written))
  })

  // To update the file: npx vitest run --project units tests/lib/config/env-example.test.ts -u
  it('describes the rules as their table does', async () => {
    const [before = '', rest = ''] = example.split(BEGIN)
    const after = rest.slice(rest.indexOf(END))
    const written = `${before}${BEGIN}\n${rules.join('\n')}\n${after}`
    await expect(written).toMatchFileSnapshot(`../../../${FILE}`)
  })

  it('contains every variable that the code reads', () => {
    expect(Object.keys(readAsNextDoes(example)).sort()).toEqual(Object.keys(Environment.shape).sort())
  })
})
