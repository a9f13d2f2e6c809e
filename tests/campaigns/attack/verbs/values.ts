/**
 * Steps that check values: addresses, tokens, texts.
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import { decodeJwt } from 'jose'
import { z } from 'zod'
import { jar, texts, type Verb, values, verb } from '../verb'

export const VALUE_VERBS: Record<string, Verb> = {
  /** Stores a value under a name, such as `ST`. */
  let: verb({ name: z.string(), be: z.unknown() }, async (run, { name, be }) => {
    run.values[name] = be
  }),

  /**
   * Stores the browser's current address as `$URL`, with parameters replaced (null leaves one out) or with another path.
   */
  'take address': verb(
    {
      set: z.record(z.string(), z.string().nullable()).optional(),
      path: z.string().optional(),
      as: z.string().optional(),
      jar,
    },
    async (run, { set = {}, path, as = 'URL', jar }) => {
      const url = new URL(run.page(jar).url)
      for (const [name, value] of Object.entries(set))
        if (value === null) url.searchParams.delete(name)
        else url.searchParams.set(name, value)
      if (path !== undefined) url.pathname = path
      run.values[as] = url.href
    },
  ),

  /**
   * Checks the contents of an address, a token or JSON, by name: values that it has (`are`), regular expressions that values
   * `match`, names that it `lacks`, or the `only` names it may have. `take` stores values under other names.
   */
  look: verb(
    {
      at: z.string(),
      are: values.optional(),
      match: texts.optional(),
      lacks: z.array(z.string()).optional(),
      only: z.array(z.string()).optional(),
      take: texts.optional(),
    },
    async (run, { at, are = {}, match = {}, lacks = [], only, take = {} }) => {
      const found = carriedBy(at)
      for (const [name, value] of Object.entries(are))
        if (!isDeepStrictEqual(found[name], value))
          throw new Error(`${name} is ${JSON.stringify(found[name])}`)
      for (const [name, pattern] of Object.entries(match))
        if (!new RegExp(`^(?:${pattern})$`).test(String(found[name])))
          throw new Error(`${name} is ${found[name]}`)
      for (const name of lacks) if (name in found) throw new Error(`${name} is there: ${found[name]}`)
      const others = Object.keys(found).filter((name) => only && !only.includes(name))
      if (others.length > 0) throw new Error(`there is ${others.join(', ')}, too`)
      for (const [name, as] of Object.entries(take)) run.values[as] = found[name]
    },
  ),

  /** Checks that values are all the same, or all different. */
  compare: verb({ values: z.array(z.unknown()), are: z.enum(['alike', 'different']) }, async (_run, step) => {
    const kinds = new Set(step.values.map((value) => JSON.stringify(value))).size
    if (kinds !== (step.are === 'alike' ? 1 : step.values.length)) throw new Error(`they are not ${step.are}`)
  }),

  /** Checks that a text contains none of the others. */
  lacks: verb({ text: z.string(), these: z.array(z.string()) }, async (_run, { text, these }) => {
    for (const each of these) if (text.includes(each)) throw new Error(`it contains ${each.slice(0, 12)}…`)
  }),
}

function carriedBy(text: string): Record<string, unknown> {
  if (URL.canParse(text)) return Object.fromEntries(new URL(text).searchParams)
  return text.startsWith('{') ? JSON.parse(text) : decodeJwt(text)
}
