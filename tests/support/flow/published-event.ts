import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'

const SCHEMA = join(process.cwd(), 'docs', 'reference', 'events.schema.json')

let isPublished: ReturnType<Ajv2020['compile']> | undefined

/**
 * Checks an event against the JSON Schema that we publish.
 *
 * @throws {Error} If it does not match, or has a field that the schema does not name.
 */
export function assertPublished(event: unknown): void {
  // Ignore `format`: each one in the schema has a `pattern` beside it, which is checked.
  isPublished ??= new Ajv2020({ validateFormats: false }).compile(
    closed(JSON.parse(readFileSync(SCHEMA, 'utf8'))),
  )
  if (!isPublished(event)) throw new Error(`Not a published event: ${JSON.stringify(isPublished.errors)}`)
}

/** The schema with additional properties forbidden. Receivers must accept them, but we send none. */
function closed(schema: object): object {
  const inner = Object.entries(schema).map(([key, value]) => [
    key,
    Array.isArray(value)
      ? value.map((each) => (isObject(each) ? closed(each) : each))
      : isObject(value)
        ? closed(value)
        : value,
  ])
  return { ...Object.fromEntries(inner), ...('properties' in schema && { additionalProperties: false }) }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
