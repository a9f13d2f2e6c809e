import { z } from 'zod'
import { plainText } from '../../lib/messages/mask-email'
import { MigrationError, type MigrationErrorCode } from './migration-error'
import { SENTENCES } from './sentences'

/** Every field is optional: the extension saves only what the operator changed. */
const Settings = z.looseObject({
  title: z.string().optional(),
  color: z.string().optional(),
  logoPath: z.string().optional(),
  customDomain: z.string().optional(),
  locale: z.string().optional(),
  template: z.string().optional(),
  removeOverlay: z.boolean().optional(),
  // Fields that the extension adds to its response.
  status: z.string().optional(),
  availableLocales: z.array(z.object({ code: z.string(), name: z.string().optional() })).optional(),
})
const Locales = z.record(z.string(), z.record(z.string(), z.string()))
const StorageRecord = z.object({ settings: z.unknown(), locales: z.unknown() }).partial()

/** The settings from the extension's administration page. */
export type ExtensionSettings = z.infer<typeof Settings>

/** A validated export. */
export interface ExtensionExport {
  settings: ExtensionSettings
  /** The languages of the extension, as displayable text: `fr (French)`. */
  languages: { code: string; label: string }[]
  /** Names of fields that no version of the extension has, as displayable text: `fr.greeting`. */
  unknown: string[]
}

/**
 * Reads an export of the extension.
 *
 * @param exported - The response of `GET /admin/settings`, or the extension's whole storage record (`settings`, `locales`).
 * @param locales - The response of `GET /admin/locales`, if the operator exported it.
 * @returns The settings. Unknown fields are named, not dropped silently.
 * @throws {MigrationError} `bad_settings` or `bad_locales` if the shape is wrong; the message names the fields.
 * @see {@link https://github.com/auth0-extensions/auth0-account-link-extension/blob/master/lib/storage.js Extension's
 * storage}
 */
export function parseExport(exported: unknown, locales?: unknown): ExtensionExport {
  const record = recordOf(exported)
  const settings = parse(Settings, record ? (record.settings ?? {}) : exported, 'bad_settings')
  if (!record && !Object.keys(settings).some(isSetting))
    throw new MigrationError('bad_settings', 'it has no field of the extension.')
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

/** Returns the value if it is a whole storage record: it has the key `settings` or `locales`, which no settings have. */
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
