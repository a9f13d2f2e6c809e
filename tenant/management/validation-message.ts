/**
 * What Auth0 says of a request that is not what its description says: the sentences of the validator it uses (z-schema), with
 * the property and its description.
 * @module
 */
import { z } from 'zod'

/** Sentences a schema of ours brings along itself begin otherwise than those of zod. */
const OF_ZOD = /^(Invalid|Too small|Too big|Unrecognized)/

/**
 * Words one fault.
 *
 * @param schema - What the request was to be; descriptions in it are shown in brackets.
 * @param issue - The fault, with its input.
 * @returns For example `'String is too short (0 chars), minimum 1' on property username (The user's username)`.
 * @see https://github.com/zaggino/z-schema
 */
export function validationMessage(schema: z.ZodType, issue: z.core.$ZodIssue): string {
  const isMissing = issue.input === undefined && issue.code !== 'unrecognized_keys'
  // Of what is missing, the object around it is the property.
  const path = isMissing ? issue.path.slice(0, -1) : issue.path
  const message = isMissing ? `Missing required property: ${String(issue.path.at(-1))}` : sentence(issue)
  if (path.length === 0) return `'${message}'`
  const description = descriptionAt(schema, path)?.replace(/\.$/, '')
  return `'${message}' on property ${written(path)}${description === undefined ? '' : ` (${description})`}`
}

function sentence(issue: z.core.$ZodIssue): string {
  if (!OF_ZOD.test(issue.message)) return issue.message
  const { input } = issue
  switch (issue.code) {
    case 'unrecognized_keys':
      return `Additional properties not allowed: ${issue.keys.join(',')}`
    case 'invalid_type':
      return `Expected type ${expectedType(issue.expected)} but found type ${typeOf(input)}`
    case 'invalid_value':
      return `Invalid value "${input}"`
    case 'invalid_format':
      return issue.format === 'regex'
        ? `String does not match pattern ${(issue.pattern ?? '').replace(/^\/|\/[a-z]*$/g, '')}: ${input}`
        : `Object didn't pass validation for format ${FORMATS[issue.format] ?? issue.format}: ${input}`
    case 'too_small':
      return ofSize(issue.origin, input, issue.minimum, 'minimum')
    case 'too_big':
      return ofSize(issue.origin, input, issue.maximum, 'maximum')
    default:
      return issue.message
  }
}

const FORMATS: Record<string, string> = { includes: 'email', url: 'strict-uri' }

function ofSize(origin: string, input: unknown, limit: number | bigint, end: 'minimum' | 'maximum'): string {
  const isShort = end === 'minimum'
  switch (origin) {
    case 'string':
      return `String is too ${isShort ? 'short' : 'long'} (${String(input).length} chars), ${end} ${limit}`
    case 'array':
      return `Array is too ${isShort ? 'short' : 'long'} (${(input as unknown[]).length}), ${end} ${limit}`
    case 'object':
      return `Too ${isShort ? 'few' : 'many'} properties defined (${Object.keys(input as object).length}), ${end} ${limit}`
    default:
      return `Value ${input} is ${isShort ? 'less than' : 'greater than'} ${end} ${limit}`
  }
}

function expectedType(type: string): string {
  if (type === 'int') return 'integer'
  return type === 'record' ? 'object' : type
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'number') return typeof value
  if (Number.isNaN(value)) return 'string'
  return Number.isInteger(value) ? 'integer' : 'number'
}

/** A path as in `groups[0].email`. */
function written(path: PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('')
}

/** What a schema says of a property. */
function descriptionAt(schema: z.ZodType, path: PropertyKey[]): string | undefined {
  const plain = unwrapped(schema)
  const [step, ...rest] = path
  if (step === undefined) return schema.description ?? plain.description
  const shape = plain instanceof z.ZodObject ? plain.shape : {}
  const next = typeof step === 'number' && plain instanceof z.ZodArray ? plain.element : shape[String(step)]
  return next === undefined ? undefined : descriptionAt(next as z.ZodType, rest)
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
  return isWrapped ? unwrapped(schema.unwrap() as z.ZodType) : schema
}
