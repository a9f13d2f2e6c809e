/**
 * Reading what the operator wrote for the options of {@link POLICY_OPTIONS}.
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

/** How the text of one option was read. */
export interface OptionReading<Value = unknown> {
  /** The value; the safest reading if the text cannot be read. */
  value: Value
  /** The parts of the text that cannot be read: entries of a list, or all of it. */
  unreadable: string[]
}

/** The longest life in days is that of five digits: 273 years. */
const DAYS = /^\d{1,5}(\.\d+)?$/

/**
 * Reads an option. White space around the text does not count; the default holds if there is no text.
 *
 * @param option - Its row.
 * @param given - What the operator wrote.
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
 * Says of an option whose text cannot be read what it must be, as an end of a sentence that begins with its name.
 *
 * @param option - Its row.
 * @param part - One of the parts that {@link readOption} calls unreadable; at most 60 characters of an entry are repeated.
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

/** An option whose text cannot be read in full, and the parts that cannot. */
export interface UnreadableOption {
  option: PolicyOption
  unreadable: string[]
}

/**
 * Reads some rows of the table.
 *
 * @param options - The rows, by field.
 * @param textOf - What the operator wrote for an option, by its name.
 * @returns The values by field, safest readings among them, and the options whose text cannot be read.
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
