import { POLICY_OPTIONS, readOption } from '../../core/rules/policy-options'
import { hasLanguage } from '../../lib/messages'
import type { CarriedOver } from './carry-over'
import type { ExtensionExport } from './parse-export'
import { SENTENCES } from './sentences'

/**
 * Tells in words what became of everything that was exported.
 *
 * @param entries - Of {@link carryOver}.
 * @returns Lines. Values of fields that are not known are not among them.
 */
export function toReport(entries: CarriedOver[], { languages, unknown }: ExtensionExport): string {
  const isFor = (outcome: string) => (entry: CarriedOver) => outcomeOf(entry) === outcome
  return [
    ...section('Carries over', entries.filter(isFor('carried')).flatMap(toLines)),
    ...section('To fill in by hand', entries.filter(isFor('open')).flatMap(toLines)),
    ...section('Has no counterpart', entries.filter(isFor('none')).flatMap(toLines)),
    ...section('Languages', languageLines(languages)),
    ...section('Not known, and not read', unknown),
    ...section('Not in the settings', [
      'CUSTOM_CSS of the installation: there is no style sheet of your own.',
      'Whose accounts are offered: the extension knew no list. Here these connections are trusted, unless you',
      `name others: ${readOption(POLICY_OPTIONS.trusted).value.join(', ')}.`,
    ]),
    'Go on with docs/migrate-from-account-link-extension.md.',
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
  const lines = there.length > 0 ? [`There, in words of its own: ${there.join(', ')}`] : []
  if (missing.length === 0) return lines
  return [
    ...lines,
    `Not there: ${missing.join(', ')}`,
    '  A language is one file: copy lib/messages/en.ts beside itself, translate it, name it in lib/messages/index.ts.',
    '  Where your sentences have a counterpart in it:',
    ...Object.entries(SENTENCES).map(([name, path]) => `    ${name.padEnd(22)} ${path ?? 'none'}`),
  ]
}
