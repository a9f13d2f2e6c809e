/**
 * Facts that recordings of Auth0 show about an endpoint, as rows of JSON. The tests hold the local tenant to them. A row
 * states facts in our own words and numbers; no recorded body is copied.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { JsonShape } from './shape'

const Shape: z.ZodType<JsonShape> = z.json() as z.ZodType<JsonShape>

const Call = z.strictObject({
  /** Method and path, with a query if needed. `{name}` stands for a value that an earlier call kept, percent-encoded. */
  call: z.string().regex(/^[A-Z]+ \/\S*$/),
  body: z.json().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Scopes of the access token, separated by spaces. If left out, the token has every scope. If null, no token is sent. */
  scopes: z.string().nullable().optional(),
})

const Before = Call.extend({
  /** Values of the response's body that later calls use: the path of each value, as `a.0.b`, by name. */
  keep: z.record(z.string(), z.string()).optional(),
  /** The call is repeated, at most ten times, until the response's body has these top-level values. */
  until: z.record(z.string(), z.json()).optional(),
})

/** One fact: a call and Auth0's response. */
export const RecordedFact = Call.extend({
  /** The fact in the present tense. It becomes the title of the test. */
  it: z.string(),
  /**
   * The source: `go-auth0`, `terraform`, `deploy-cli` or `ruby` with the name of the recording; `description` (Auth0's
   * OpenAPI document); or `quoted` with the issue that quotes the response.
   */
  source: z.string().regex(/^(go-auth0|terraform|deploy-cli|ruby|description|quoted): \S/),
  /** Replaces parts of the demo world. */
  world: z.record(z.string(), z.json()).optional(),
  /** Calls to make first. They must succeed. */
  before: z.array(Before).optional(),
  answer: z.strictObject({
    status: z.number().int(),
    /** The {@link JsonShape} of the body. If left out, the body is empty. */
    shape: Shape.optional(),
    /** Headers by name: the shape of the value, or null if Auth0 does not send the header. */
    headers: z.record(z.string(), z.string().nullable()).optional(),
  }),
})

/** @see {@link RecordedFact} */
export type RecordedFact = z.output<typeof RecordedFact>

/** Reads all facts, by the name of their file without `.json`. */
export function readRecordedFacts(): Record<string, RecordedFact[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'))
  return Object.fromEntries(
    files.sort().map((file) => {
      const rows: unknown = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
      return [file.replace('.json', ''), z.array(RecordedFact).parse(rows)]
    }),
  )
}
