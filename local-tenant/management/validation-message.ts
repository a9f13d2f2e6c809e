/**
 * Messages about requests that break Auth0's schemas, worded as at Auth0: the sentence of its validator (z-schema), then the
 * property and, in brackets, the property's description.
 * @module
 */
import { z } from 'zod'

/**
 * A schema for a text of a named format. Any other text is refused with Auth0's sentence, which names the format and the
 * text.
 *
 * @param name - Auth0's name of the format.
 * @param isOf - Says whether a text has this format.
 */
export function ofFormat(name: string, isOf: (text: string) => boolean): z.ZodString {
  return z
    .string()
    .refine(isOf, { error: ({ input }) => `Object didn't pass validation for format ${name}: ${input}` })
}

/**
 * Returns Auth0's message for everything that is wrong with a part of a request.
 *
 * @param part - Auth0's name of the part, for example `Payload`.
 * @param schema - The schema of the part. The descriptions of its properties appear in brackets.
 * @param issues - The issues that zod found, with their inputs.
 * @returns For example `Payload validation error: 'String is too short (0 chars), minimum 1' on property name (Name of this
 *   user).` Several errors are joined by ` (also) `.
 * @see https://github.com/zaggino/z-schema
 */
export function validationMessage(part: string, schema: z.ZodType, issues: z.core.$ZodIssue[]): string {
  const all = issues.map((issue) => `${part} validation error: ${fault(part, schema, issue, issue.path)}.`)
  return all.join(' (also) ')
}

function fault(
  part: string,
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  path: PropertyKey[],
  shownPath = path,
): string {
  if (isMissing(issue)) {
    const property = shownPath.slice(0, -1)
    const on = property.length === 0 ? '' : ` on property ${formatPath(property)}`
    return `'Missing required property: ${String(shownPath.at(-1))}'${on}`
  }
  const description = descriptionAt(schema, path)?.replace(/\.$/, '')
  const brackets = description === undefined ? '' : ` (${description})`
  const on = shownPath.length === 0 ? '' : ` on property ${formatPath(shownPath)}${brackets}`
  if (issue.code !== 'invalid_union') return `'${sentence(issue)}'${on}`
  // The inner errors name paths that begin at this property, without the objects around it.
  const inner = issue.errors.flat().map((each) => {
    const below = [...path.slice(-1), ...each.path]
    return `${part} validation error: ${fault(part, schema, each, [...path, ...each.path], below)}.`
  })
  return `'None of the valid schemas were met'${on}. Inner errors: [ ${inner.join(' (also) ')} ]`
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.input === undefined && issue.path.length > 0 && issue.code.startsWith('invalid_')
}

function sentence(issue: z.core.$ZodIssue): string {
  const { input } = issue
  switch (issue.code) {
    case 'unrecognized_keys':
      return `Additional properties not allowed: ${issue.keys.join(',')}`
    case 'invalid_type':
      return `Expected type ${expectedType(issue.expected)} but found type ${typeOf(input)}`
    case 'invalid_value':
      return enumMessage(issue.values, input)
    case 'invalid_format':
      return `String does not match pattern ${issue.pattern?.replace(/^\/|\/[a-z]*$/g, '')}: ${input}`
    case 'too_small':
      return sizeMessage(issue.origin, input, issue.minimum, 'minimum')
    case 'too_big':
      return sizeMessage(issue.origin, input, issue.maximum, 'maximum')
    case 'invalid_key': {
      const [first] = issue.issues
      return first === undefined ? issue.message : sentence(first)
    }
    default:
      return issue.message
  }
}

/**
 * Returns the message about a value that is not one of the allowed ones. In queries, flags are texts here but booleans in
 * Auth0's schemas.
 */
function enumMessage(values: z.core.util.Primitive[], input: unknown): string {
  const [first] = values
  const type = values.join() === 'true,false' ? 'boolean' : typeOf(first)
  return typeOf(input) === type ? `No enum match for: ${input}` : typeMismatch(type, input)
}

const typeMismatch = (type: string, input: unknown) => `Expected type ${type} but found type ${typeOf(input)}`

function sizeMessage(
  origin: string,
  input: unknown,
  limit: number | bigint,
  end: 'minimum' | 'maximum',
): string {
  const isMinimum = end === 'minimum'
  switch (origin) {
    case 'string':
      return `String is too ${isMinimum ? 'short' : 'long'} (${String(input).length} chars), ${end} ${limit}`
    case 'array':
      return `Array is too ${isMinimum ? 'short' : 'long'} (${(input as unknown[]).length}), ${end} ${limit}`
    case 'object':
    case 'record':
      return `Too ${isMinimum ? 'few' : 'many'} properties defined (${Object.keys(input as object).length}), ${end} ${limit}`
    default:
      return `Value ${input} is ${isMinimum ? 'less' : 'greater'} than ${end} ${limit}`
  }
}

function expectedType(type: string): string {
  // All numbers in the schemas of this Management API are integers, in queries too.
  if (type === 'int' || type === 'number') return 'integer'
  return type === 'record' ? 'object' : type
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'number') return typeof value
  if (Number.isNaN(value)) return 'string'
  return Number.isInteger(value) ? 'integer' : 'number'
}

/** Formats a path as in `groups[0].email`. */
function formatPath(path: PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
  return steps.join('').replace(/^\./, '')
}

/** Returns the description that a schema gives a property. */
function descriptionAt(schema: z.ZodType, path: PropertyKey[]): string | undefined {
  let plain = schema
  let description = schema.description
  while (
    plain instanceof z.ZodOptional ||
    plain instanceof z.ZodNullable ||
    plain instanceof z.ZodDefault ||
    plain instanceof z.ZodPipe
  ) {
    plain = (plain instanceof z.ZodPipe ? plain.in : plain.unwrap()) as z.ZodType
    description ??= plain.description
  }
  const [step, ...rest] = path
  if (step === undefined) return description
  const shape: Record<string, z.ZodType> = plain instanceof z.ZodObject ? plain.shape : {}
  const next = plain instanceof z.ZodArray ? (plain.element as z.ZodType) : shape[String(step)]
  return next && descriptionAt(next, rest)
}
