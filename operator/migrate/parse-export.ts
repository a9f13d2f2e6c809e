import { z } from 'zod'
import { plainText } from '../../lib/messages/mask-email'
import { MigrationError, type MigrationErrorCode } from './migration-error'
import { SENTENCES } from './sentences'

/** Every field is optional: whoever saved only a custom domain has only that. */
const Settings = z.looseObject({
  title: z.string().optional(),
  color: z.string().optional(),
  logoPath: z.string().optional(),
  customDomain: z.string().optional(),
  locale: z.string().optional(),
  template: z.string().optional(),
  removeOverlay: z.boolean().optional(),
  // What the extension adds to its answer.
  status: z.string().optional(),
  availableLocales: z.array(z.object({ code: z.string(), name: z.string().optional() })).optional(),
})
const Locales = z.record(z.string(), z.record(z.string(), z.string()))
const StorageRecord = z.object({ settings: z.unknown(), locales: z.unknown() }).partial()

/** What the extension was told on its administration page. */
export type ExtensionSettings = z.infer<typeof Settings>

/** What was exported, checked. */
export interface ExtensionExport {
  settings: ExtensionSettings
  /** The languages that the extension spoke, fit to be shown: `fr (French)`. */
  languages: { code: string; label: string }[]
  /** Names of fields that no version of the extension has, fit to be shown: `fr.greeting`. */
  unknown: string[]
}

/**
 * Reads what the extension exports.
 *
 * @param exported - The answer of `GET /admin/settings`, or the whole record of its storage (`settings`, `locales`).
 * @param locales - The answer of `GET /admin/locales`; undefined where there is none.
 * @returns The settings; what is not known is named, never dropped without a word.
 * @throws {MigrationError} `bad_settings` or `bad_locales` where a shape is another one; the message names the fields.
 * @see {@link https://github.com/auth0-extensions/auth0-account-link-extension/blob/master/lib/storage.js Its storage}
 */
export function parseExport(exported: unknown, locales?: unknown): ExtensionExport {
  const record = recordOf(exported)
  const settings = parse(Settings, record ? (record.settings ?? {}) : exported, 'bad_settings')
  if (!record && !Object.keys(settings).some(isSetting))
    throw new MigrationError('bad_settings', 'none of the fields is one of the extension.')
  const byCode = parse(Locales, locales ?? record?.locales ?? {}, 'bad_locales')
  return {
    settings,
    languages: languagesOf(settings, byCode),
    unknown: [...Object.keys(settings).filter((name) => !isSetting(name)), ...unknownSentences(byCode)].map(
      plainText,
    ),
  }
}

const isSetting = (name: string) => Object.hasOwn(Settings.shape, name)

/** The whole record where it is one: its two keys are no settings. */
function recordOf(exported: unknown): z.infer<typeof StorageRecord> | undefined {
  const { success, data } = StorageRecord.safeParse(exported)
  return success && Object.keys(data).length > 0 ? data : undefined
}

function parse<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  code: MigrationErrorCode,
): z.infer<Shape> {
  const { success, data, error } = shape.safeParse(value)
  if (success) return data
  const problems = error.issues.map(({ path, message }) =>
    [...path.map((step) => plainText(String(step))), message].join(': '),
  )
  throw new MigrationError(code, `${problems.join('; ')}.`)
}

function languagesOf(settings: ExtensionSettings, byCode: z.infer<typeof Locales>) {
  const named = Object.entries(byCode).map(([code, { _name: name }]) => ({ code, name }))
  return (named.length > 0 ? named : (settings.availableLocales ?? [])).map(({ code, name }) => ({
    code,
    label: plainText(code) + (name ? ` (${plainText(name)})` : ''),
  }))
}

function unknownSentences(byCode: z.infer<typeof Locales>): string[] {
  return Object.entries(byCode).flatMap(([code, sentences]) =>
    Object.keys(sentences)
      .filter((name) => name !== '_name' && !Object.hasOwn(SENTENCES, name))
      .map((name) => `${code}.${name}`),
  )
}
