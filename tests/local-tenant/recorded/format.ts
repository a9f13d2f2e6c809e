/**
 * What recordings of Auth0 show of an endpoint, as rows of JSON that the local tenant is held to. A row states facts in our
 * own words and numbers; no recorded body is copied.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { JsonShape } from './shape'

const Shape: z.ZodType<JsonShape> = z.json() as z.ZodType<JsonShape>

const Call = z.strictObject({
  /** Method and path. `{name}` stands for a value that an earlier call kept, percent-encoded; a query may follow. */
  call: z.string().regex(/^[A-Z]+ \/\S*$/),
  body: z.json().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Scopes of the access token, parted by blanks; left out, the token has every scope; null, there is no token. */
  scopes: z.string().nullable().optional(),
})

const Before = Call.extend({
  /** By name: where in the answer's body a value lies that later calls use, as `a.0.b`. */
  keep: z.record(z.string(), z.string()).optional(),
  /** The call is repeated, ten times at most, until these top-level values are in the answer's body. */
  until: z.record(z.string(), z.json()).optional(),
})

/** One fact: a call, and what Auth0 answers. */
export const RecordedFact = Call.extend({
  /** What is recorded, in the present tense: the title of the test. */
  it: z.string(),
  /**
   * Where: `go-auth0`, `terraform`, `deploy-cli` or `ruby` and the name of the recording; or `description` (Auth0's OpenAPI
   * document) or `quoted` and the issue in which somebody quotes the answer.
   */
  source: z.string().regex(/^(go-auth0|terraform|deploy-cli|ruby|description|quoted): \S/),
  /** Laid over the demo world of the tenant. */
  world: z.record(z.string(), z.json()).optional(),
  /** Calls made first. They have to succeed. */
  before: z.array(Before).optional(),
  answer: z.strictObject({
    status: z.number().int(),
    /** Of the body, {@link JsonShape}; left out, the body is empty. */
    shape: Shape.optional(),
    /** By name: a shape of the value, or null if Auth0 does not send the header. */
    headers: z.record(z.string(), z.string().nullable()).optional(),
  }),
})

/** @see {@link RecordedFact} */
export type RecordedFact = z.output<typeof RecordedFact>

/** Every fact by the name of its file, without `.json`. */
export function readRecordedFacts(): Record<string, RecordedFact[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'))
  return Object.fromEntries(
    files.sort().map((file) => {
      const rows: unknown = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
      return [file.replace('.json', ''), z.array(RecordedFact).parse(rows)]
    }),
  )
}
