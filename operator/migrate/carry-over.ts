/**
 * Which setting of the extension becomes which variable, by the checks that the service makes at its start.
 * @module
 */
import { Environment } from '../../lib/config/environment'
import type { ExtensionSettings } from './parse-export'
import { nearestUnderWhiteText } from './white-text'

/** One setting, and what becomes of it. */
export interface CarriedOver {
  /** Its name in the extension. */
  field: string
  /** Ours; undefined where it has no counterpart. */
  variable?: string
  /** Of the variable; undefined where it is left to the operator. */
  value?: string
  /** What there is to know, a line each. */
  words: string[]
}

/** What the extension says and shows before anybody changed it. */
const SHIPPED = { title: 'Account Linking', color: '#eb5424' }

/**
 * Says of each setting what becomes of it.
 *
 * @returns Those with a variable first.
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
  if (!title) return { words: ['Not in the settings. Fill in what people know you by.'] }
  if (title === SHIPPED.title)
    return { words: ['What the extension begins with, and no name. Fill in what people know you by.'] }
  if (/[<>]|&#?\w+;/.test(title))
    return {
      words: ['It holds HTML, which these pages would show as it is written. Fill in the name alone.'],
    }
  return checked('BRAND_NAME', title, [
    'Taken as it is. It stands above every page: check that it is your name and no headline.',
  ])
}

function colorOf(color: string | undefined): Outcome {
  const standard = `Left empty, it is ${Environment.shape.BRAND_COLOR.parse(undefined)}.`
  if (!color) return { words: [`Not in the settings. ${standard}`] }
  if (color.toLowerCase() === SHIPPED.color)
    return { words: [`${SHIPPED.color}, with which the extension begins, is not taken. ${standard}`] }
  const outcome = checked('BRAND_COLOR', color, ['White text on it reaches a contrast of 4.5.'])
  if (!outcome.value) {
    const [beginning] = /^#[0-9a-f]{6}/i.exec(color) ?? []
    return { words: [...outcome.words, beginning ? `It begins with one: "${beginning}".` : standard] }
  }
  const nearest = nearestUnderWhiteText(color)
  if (nearest === color) return outcome
  return {
    value: color,
    words: [
      'White text, as the extension has it, does not reach a contrast of 4.5, so text on it is black here.',
      `The nearest darker shade that takes white text: BRAND_COLOR="${nearest}"`,
    ],
  }
}

function logoOf(logoPath: string | undefined): Outcome {
  if (!logoPath) return { words: ['None was set. It may stay empty.'] }
  if (!/^https?:/i.test(logoPath)) return checked('BRAND_LOGO', logoPath, ['Taken as it is.'])
  return {
    words: [
      'An address cannot be used: pages in the middle of a sign-in load nothing from elsewhere.',
      `Save the image below public/, and name the file: BRAND_LOGO="logo.svg". It was at ${withoutQuery(logoPath)}`,
      'An svg, png, webp or jpg file; at most 4,096 characters once inlined, that is about 3,000 bytes.',
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
          'Before May 2025 a custom domain stood in the Rule alone, as its issuer. If so, fill in that one,',
          "and the tenant's domain as AUTH0_MANAGEMENT_DOMAIN.",
        ],
      },
    ]
  const login = checked('AUTH0_DOMAIN', customDomain, ['Where people sign in.'])
  return [
    { field, variable: 'AUTH0_DOMAIN', ...login },
    {
      field,
      variable: 'AUTH0_MANAGEMENT_DOMAIN',
      words: ["Beside a custom domain, the tenant's own is needed, such as TENANT.eu.auth0.com. Fill it in."],
    },
  ]
}

function withoutCounterpart(settings: ExtensionSettings): CarriedOver[] {
  const words = {
    locale: 'A page speaks the language that the sign-in asks for (ui_locales), then that of the browser.',
    template:
      'Pages are no templates: their look is name, logo and colour, their markup is in components/linking.',
    removeOverlay: 'There is no overlay to remove.',
  }
  return (['locale', 'template', 'removeOverlay'] as const)
    .filter((field) => settings[field] !== undefined)
    .map((field) => ({ field, words: [words[field]] }))
}

/** A value, if the service takes it and every reader of environment files reads the same. */
function checked(name: keyof typeof Environment.shape, value: string, words: string[]): Outcome {
  const { success, error } = Environment.shape[name].safeParse(value)
  if (!success) return { words: [`Not taken: it ${error.issues.map(({ message }) => message).join('; ')}.`] }
  if (/["\\$`\p{Cc}]/u.test(value))
    return {
      words: ['Not taken: programs read quotes, backslashes, dollar signs or line breaks differently.'],
    }
  return { value, words }
}

/** An address without what may be private in it. */
function withoutQuery(address: string): string {
  if (!URL.canParse(address)) return 'an address that cannot be read.'
  const { origin, pathname } = new URL(address)
  return origin + pathname
}
