import { POLICY_OPTIONS } from '../../core/rules/policy-options'
import { readOption } from '../../core/rules/read-options'
import { hasLanguage } from '../../lib/messages'
import type { CarriedOver } from './carry-over'
import type { ExtensionExport } from './parse-export'
import { SENTENCES } from './sentences'

/**
 * Reports what happens to every exported setting.
 *
 * @param entries - From {@link carryOver}.
 * @returns Lines of text, which contain no values of unknown fields.
 */
export function toReport(entries: CarriedOver[], { languages, unknown }: ExtensionExport): string {
  const isFor = (outcome: string) => (entry: CarriedOver) => outcomeOf(entry) === outcome
  return [
    ...section('Carried over', entries.filter(isFor('carried')).flatMap(toLines)),
    ...section('To fill in by hand', entries.filter(isFor('open')).flatMap(toLines)),
    ...section('No counterpart', entries.filter(isFor('none')).flatMap(toLines)),
    ...section('Languages', languageLines(languages)),
    ...section('Unknown, and ignored', unknown),
    ...section('Not in the settings', [
      'CUSTOM_CSS of the installation: there is no style sheet of your own.',
      'Whose accounts are offered: the extension knew no list. Here these connections are trusted, unless you',
      `name others: ${readOption(POLICY_OPTIONS.trusted).value.join(', ')}.`,
    ]),
    'Go on with docs/migrate/account-link-extension.md.',
  ].join('\n')
}

function outcomeOf({ variable, value }: CarriedOver): string {
  if (variable === undefined) return 'none'
  return value === undefined ? 'open' : 'carried'
}

const section = (title: string, lines: string[]) =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), '']

const toLines = ({ field, variable, words }: CarriedOver) => [
  variable ? `${field} -> ${variable}` : field,
  ...words.map((line) => `  ${line}`),
]

function languageLines(languages: ExtensionExport['languages']): string[] {
  const labels = (isThere: boolean) =>
    languages.filter(({ code }) => hasLanguage(code) === isThere).map(({ label }) => label)
  const [there, missing] = [labels(true), labels(false)]
  const lines = there.length > 0 ? [`Available, with its own wording: ${there.join(', ')}`] : []
  if (missing.length === 0) return lines
  return [
    ...lines,
    `Not available: ${missing.join(', ')}`,
    '  A language is one file: copy messages/en.json next to itself, translate it, and run npm run messages.',
    '  Counterparts of your sentences in that file:',
    ...Object.entries(SENTENCES).map(([name, path]) => `    ${name.padEnd(22)} ${path ?? 'none'}`),
  ]
}
