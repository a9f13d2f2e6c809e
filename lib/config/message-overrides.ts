import 'server-only'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

/** Sentences by their keys, nested as in `messages/en.json`. */
export interface SentenceTree {
  readonly [name: string]: string | SentenceTree
}

/** The operator's own sentences, by language tag. */
export type MessageOverrides = Readonly<Record<string, SentenceTree>>

const SentenceTree: z.ZodType<SentenceTree> = z.lazy(() =>
  z.record(z.string(), z.union([z.string(), SentenceTree])),
)
const Overrides = z.record(z.string(), SentenceTree)

/**
 * Reads the operator's own sentences. It checks only the JSON's shape. `overrideProblems` checks, when the service starts, that
 * each sentence replaces an existing one.
 *
 * @param value - A path relative to the folder in which the service runs, or the JSON itself.
 * @returns The sentences, or what is wrong with the value.
 */
export function parseMessageOverrides(value: string): { overrides: MessageOverrides } | { problem: string } {
  let json: unknown
  try {
    const isJson = value.trimStart().startsWith('{')
    json = JSON.parse(
      isJson ? value : readFileSync(resolve(/*turbopackIgnore: true*/ process.cwd(), value), 'utf8'),
    )
  } catch (error) {
    return { problem: error instanceof SyntaxError ? 'must hold JSON' : 'must be a file that can be read' }
  }
  const parsed = Overrides.safeParse(json)
  return parsed.success
    ? { overrides: parsed.data }
    : { problem: 'must look like {"en":{"prompt":{"details":"…"}}}' }
}
