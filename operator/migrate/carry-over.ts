/**
 * Maps each setting of Auth0's Account Link Extension to a variable, and validates it as the service does at its start.
 * @module
 */

import { parseUrl } from '../../core/parse-url'
import { DEFAULT_BRAND_COLOR } from '../../lib/config/brand'
import { Environment } from '../../lib/config/environment'
import type { ExtensionSettings } from './parse-export'
import { nearestUnderWhiteText } from './white-text'

/** One setting of the extension, and what happens to it. */
export interface CarriedOver {
  /** The setting's name in the extension. */
  field: string
  /** Name of our variable; undefined if the setting has no counterpart. */
  variable?: string
  /** Value of the variable; undefined if the operator has to fill it in. */
  value?: string
  /** Notes for the operator, one per line. */
  words: string[]
}

/** The extension's defaults. */
const EXTENSION_DEFAULTS = { title: 'Account Linking', color: '#eb5424' }

/**
 * Decides what happens to each of the extension's settings.
 *
 * @returns One entry for each. Settings that become variables come first.
 */
export function carryOver(settings: ExtensionSettings): CarriedOver[] {
  const { title, color, logoPath, customDomain } = settings
  return [
    { field: 'title', variable: 'BRAND_NAME', ...nameOf(title) },
    { field: 'color', variable: 'BRAND_COLOR', ...colorOf(color) },
    { field: 'logoPath', variable: 'BRAND_LOGO', ...logoOf(logoPath) },
    ...domainsOf(customDomain),
    ...withoutCounterpart(settings),
  ]
}

type Outcome = Pick<CarriedOver, 'value' | 'words'>

function nameOf(title: string | undefined): Outcome {
  if (!title) return { words: ['Not in the settings. Fill in the name that people know you by.'] }
  if (title === EXTENSION_DEFAULTS.title)
    return {
      words: ['The default of the extension, not your name. Fill in the name that people know you by.'],
    }
  if (/[<>]|&#?\w+;/.test(title))
    return {
      words: ['It contains HTML, which these pages would show as plain text. Fill in only the name.'],
    }
  return checked('BRAND_NAME', title, [
    'Carried over unchanged. It appears above every page: check that it is your name and not a headline.',
  ])
}

function colorOf(color: string | undefined): Outcome {
  const standard = `If empty, it is the tenant's, or ${DEFAULT_BRAND_COLOR}.`
  if (!color) return { words: [`Not in the settings. ${standard}`] }
  if (color.toLowerCase() === EXTENSION_DEFAULTS.color)
    return {
      words: [`${EXTENSION_DEFAULTS.color} is the extension's default and is not carried over. ${standard}`],
    }
  const outcome = checked('BRAND_COLOR', color, ['White text on it has a contrast of at least 4.5.'])
  if (!outcome.value) {
    const [beginning] = /^#[0-9a-f]{6}/i.exec(color) ?? []
    return { words: [...outcome.words, beginning ? `It starts with a color: "${beginning}".` : standard] }
  }
  const nearest = nearestUnderWhiteText(color)
  if (nearest === color) return outcome
  return {
    value: color,
    words: [
      'White text, as the extension uses it, has a contrast below 4.5, so text on this color is black here.',
      `The nearest darker shade for white text: BRAND_COLOR="${nearest}"`,
    ],
  }
}

function logoOf(logoPath: string | undefined): Outcome {
  if (!logoPath) return { words: ['None was set. It may stay empty.'] }
  if (!/^https?:/i.test(logoPath)) return checked('BRAND_LOGO', logoPath, ['Carried over unchanged.'])
  return {
    words: [
      'A URL cannot be used: pages in the middle of a sign-in load nothing from other servers.',
      `Save the image below public/, and set its file name: BRAND_LOGO="logo.svg". It was at ${withoutQuery(logoPath)}`,
      'Use an svg, png, webp or jpg file of at most 4,096 characters once inlined, which is about 3,000 bytes.',
    ],
  }
}

function domainsOf(customDomain: string | undefined): CarriedOver[] {
  const field = 'customDomain'
  if (!customDomain)
    return [
      {
        field,
        variable: 'AUTH0_DOMAIN',
        words: [
          "None was set. Fill in the tenant's domain, such as TENANT.eu.auth0.com.",
          'Before May 2025 the extension kept a custom domain only in its Rule, as the issuer. If you have one, fill it in,',
          "and set the tenant's domain as AUTH0_MANAGEMENT_DOMAIN.",
        ],
      },
    ]
  const login = checked('AUTH0_DOMAIN', customDomain, ['The domain at which people sign in.'])
  return [
    { field, variable: 'AUTH0_DOMAIN', ...login },
    {
      field,
      variable: 'AUTH0_MANAGEMENT_DOMAIN',
      words: [
        "With a custom domain, the tenant's own domain is needed too, such as TENANT.eu.auth0.com. Fill it in.",
      ],
    },
  ]
}

function withoutCounterpart(settings: ExtensionSettings): CarriedOver[] {
  const words = {
    locale: 'A page uses the language that the sign-in asks for (ui_locales), or else that of the browser.',
    template:
      'Pages have no templates. You can set name, logo and color; the markup is in components/linking.',
    removeOverlay: 'There is no overlay to remove.',
  }
  return (['locale', 'template', 'removeOverlay'] as const)
    .filter((field) => settings[field] !== undefined)
    .map((field) => ({ field, words: [words[field]] }))
}

/** Returns the value if the service accepts it and all programs that read environment files read it in the same way. */
function checked(name: keyof typeof Environment.shape, value: string, words: string[]): Outcome {
  const { success, error } = Environment.shape[name].safeParse(value)
  if (!success)
    return { words: [`Not carried over: it ${error.issues.map(({ message }) => message).join('; ')}.`] }
  if (/["\\$`\p{Cc}]/u.test(value))
    return {
      words: [
        'Not carried over: programs read quotes, backslashes, dollar signs or line breaks differently.',
      ],
    }
  return { value, words }
}

/** A URL without its query, which may be private. */
function withoutQuery(address: string): string {
  const url = parseUrl(address)
  return url ? url.origin + url.pathname : 'an address that cannot be read.'
}
