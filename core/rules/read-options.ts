/**
 * Reads the operator's text for options such as {@link POLICY_OPTIONS}.
 * @module
 */
import { splitList, unreadableEntries } from './connection-list'
import {
  isConnectionList,
  type OptionKind,
  type OptionValues,
  type PolicyOption,
  type PolicyOptions,
  type ValueOf,
} from './policy-options'

/** The result of reading an option's text. */
export interface OptionReading<Value = unknown> {
  /** The value; the safest one if the text is invalid. */
  value: Value
  /** The invalid parts of the text: entries of a list, or the whole text. */
  unreadable: string[]
}

/** A number of days: at most five digits before the point, which is 273 years. */
const DAYS = /^\d{1,5}(\.\d+)?$/

/**
 * Reads an option. Ignores surrounding white space, and uses the default if there is no text.
 *
 * @param option - Its row of the table.
 * @param given - The operator's text.
 */
export function readOption<Option extends PolicyOption>(
  option: Option,
  given = '',
): OptionReading<ValueOf<Option>> {
  const { kind, values, default: usual = '', unknown = usual } = option
  let text = given.trim() || usual
  let unreadable: string[] = []
  if (kind === 'choice' && text === '') return { value: undefined as ValueOf<Option>, unreadable }
  if (isConnectionList(option)) unreadable = unreadableEntries(splitList(text))
  else if (kind === 'days' ? !DAYS.test(text) : values?.includes(text) === false) unreadable = [text]
  if (unreadable.length > 0 && kind !== 'allow' && kind !== 'deny') text = unknown
  return { value: valueIn(kind, text, values) as ValueOf<Option>, unreadable }
}

function valueIn(kind: OptionKind, text: string, values: PolicyOption['values']): unknown {
  if (kind === 'days') return Number(text) * 86_400
  if (kind === 'switch') return text === values?.[0]
  return kind === 'choice' || kind === 'text' ? text : splitList(text)
}

/**
 * Explains what an invalid option must be: the rest of a sentence that begins with the option's name.
 *
 * @param option - Its row of the table.
 * @param part - One of the `unreadable` parts from {@link readOption}. At most 60 characters of it are quoted.
 */
export function optionProblem({ kind, values = [] }: PolicyOption, part: string): string {
  switch (kind) {
    case 'choice':
    case 'switch':
      return `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
    case 'days':
      return 'must be a number of days'
    default:
      return `has an entry that cannot be read: ${part.slice(0, 60)}. It must be a provider, or strategy:connection with a strategy of Auth0`
  }
}

/** An option with invalid text, and the invalid parts. */
export interface UnreadableOption {
  option: PolicyOption
  unreadable: string[]
}

/**
 * Reads some rows of the table.
 *
 * @param options - The rows, by field.
 * @param textOf - Returns the operator's text for an option's name.
 * @returns The values by field, and the options with invalid text, whose values are the safest ones.
 */
export function readOptions<Options extends PolicyOptions>(
  options: Options,
  textOf: (name: string) => string | undefined,
): { values: OptionValues<Options>; problems: UnreadableOption[] } {
  const values: Record<string, unknown> = {}
  const problems: UnreadableOption[] = []
  for (const [field, option] of Object.entries(options)) {
    const { value, unreadable } = readOption(option, textOf(option.name))
    values[field] = value
    if (unreadable.length > 0) problems.push({ option, unreadable })
  }
  return { values: values as OptionValues<Options>, problems }
}
