/**
 * The kinds of made-up people that `POST /_tenant/fill` can add, and the accounts of each kind.
 * @module
 */

/**
 * How a made-up account signs in. `provisioned` is SAML through a connection whose users come by SCIM, `legacy` a password in
 * a second database.
 */
export type Way = 'password' | 'google' | 'github' | 'saml' | 'provisioned' | 'legacy'

/** A made-up account. */
export interface Draft {
  way: Way
  /** If absent, the account has no email address. */
  email?: string | null
  isVerified?: boolean
  isBlocked?: boolean
  /** Sign-in methods that are already linked into the account. */
  linked?: Way[]
}

/** What the accounts of a person are made from. */
export interface Person {
  /** Counts from 0 within a kind. */
  n: number
  /**
   * The two parts of the person's email address, in lower case. No other person has the same address. `local` is
   * `given.family.suffix`.
   */
  local: string
  domain: string
}

/** A kind of person. */
export interface Kind {
  /** What the accounts have in common, for docs/local-tenant.md. */
  meaning: string
  /** Whether a person's accounts share one email address, ignoring surrounding blanks and the case of A to Z. */
  isGroup: boolean
  /** How many of 10,000 users are of this kind if the request does not say. */
  share: number
  draft(person: Person): Draft[]
}

const address = ({ local, domain }: Person) => `${local}@${domain}`
const capital = (text: string) => text.replace(/(?:^|\.)[a-z]/g, (start) => start.toUpperCase())

/** Pairs of email addresses that look alike and may belong to two people. */
const OTHER_SPELLINGS: ((person: Person) => [one: string, other: string])[] = [
  ({ local, domain }) => [`${local}@${domain}`, `${local.replace('.', '')}@${domain}`],
  ({ local, domain }) => [`${local}@${domain}`, `${local}+shop@${domain}`],
  ({ local, domain }) => [`${local}@${domain}`, `${local}@mail.${domain}`],
  // The letter ü: as one character, and as u with a combining mark.
  ({ local, domain }) => [`${local}\u00fc@${domain}`, `${local}u\u0308@${domain}`],
]

/**
 * Pairs of a capital and a small letter beyond A to Z. They are equal only for a comparison that lower-cases all of Unicode.
 * The last capital letter is the Kelvin sign.
 */
const OTHER_LETTERS: [large: string, small: string][] = [
  ['\u00c9', '\u00e9'],
  ['\u00dc', '\u00fc'],
  ['\u212a', 'k'],
]

const at = <Item>(list: [Item, ...Item[]] | Item[], n: number): Item => list[n % list.length] as Item

/** The kinds, by name. */
export const KINDS = {
  same_spelling: {
    meaning: 'password and Google, both verified, the address spelled alike',
    isGroup: true,
    share: 600,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: true },
      { way: 'google', email: address(person), isVerified: true },
    ],
  },
  mixed_case: {
    meaning: 'the same, Google with capital letters',
    isGroup: true,
    share: 300,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: true },
      { way: 'google', email: `${capital(person.local)}@${capital(person.domain)}`, isVerified: true },
    ],
  },
  padded: {
    meaning: 'password and SAML, which sends blanks around the address',
    isGroup: true,
    share: 20,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: true },
      { way: 'saml', email: ` ${address(person)} `, isVerified: true },
    ],
  },
  unverified: {
    meaning: 'a password account that is not verified, and Google',
    isGroup: true,
    share: 200,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: false },
      { way: 'google', email: address(person), isVerified: true },
    ],
  },
  blocked: {
    meaning: 'a blocked password account, and Google',
    isGroup: true,
    share: 40,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: true, isBlocked: true },
      { way: 'google', email: address(person), isVerified: true },
    ],
  },
  provisioned: {
    meaning: 'password, and SAML from a connection whose users come by SCIM',
    isGroup: true,
    share: 100,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: true },
      { way: 'provisioned', email: address(person), isVerified: true },
    ],
  },
  several_identities: {
    meaning: 'a password account with GitHub linked into it, and Google',
    isGroup: true,
    share: 60,
    draft: (person) => [
      { way: 'password', email: address(person), isVerified: true, linked: ['github'] },
      { way: 'google', email: address(person), isVerified: true },
    ],
  },
  several_accounts: {
    meaning: 'three, four or five accounts, in turn',
    isGroup: true,
    share: 120,
    draft: (person) =>
      (['password', 'google', 'github', 'saml', 'legacy'] as const)
        .slice(0, 3 + (person.n % 3))
        .map((way) => ({ way, email: address(person), isVerified: true })),
  },
  kept_apart: {
    meaning:
      'two accounts whose addresses only look alike, in turn: a dot, a plus tag, a subdomain, a composed letter',
    isGroup: false,
    share: 80,
    draft: (person) => {
      const [one, other] = at(OTHER_SPELLINGS, person.n)(person)
      return [
        { way: 'password', email: one, isVerified: true },
        { way: 'google', email: other, isVerified: true },
      ]
    },
  },
  other_letters: {
    meaning:
      'two accounts whose addresses differ in the case of a letter beyond A to Z (É, Ü, the Kelvin sign)',
    isGroup: false,
    share: 40,
    draft: (person) =>
      at(OTHER_LETTERS, person.n).map((letter, index) => ({
        way: index === 0 ? 'google' : 'password',
        email: `${letter}${address(person)}`,
        isVerified: true,
      })),
  },
  no_email: {
    meaning: 'one account without the attribute `email`',
    isGroup: false,
    share: 60,
    draft: () => [{ way: 'saml' }],
  },
  null_email: {
    meaning: 'one account whose `email` is null',
    isGroup: false,
    share: 20,
    draft: () => [{ way: 'saml', email: null }],
  },
  empty_email: {
    meaning: 'one account whose `email` is empty or a blank, in turn',
    isGroup: false,
    share: 20,
    draft: ({ n }) => [{ way: 'saml', email: at(['', ' '], n) }],
  },
  long_email: {
    meaning: 'one account with an address of more than 320 characters',
    isGroup: false,
    share: 10,
    draft: (person) => [{ way: 'saml', email: `${'x'.repeat(320)}.${address(person)}`, isVerified: true }],
  },
} satisfies Record<string, Kind>

/** @see {@link KINDS} */
export type KindName = keyof typeof KINDS

/**
 * Drafts the one account of a person who is of no kind. Such people are added until there are as many users as the request
 * asks for.
 */
export function draftSingle(person: Person): Draft[] {
  return [
    {
      way: at(['password', 'password', 'google', 'github', 'saml'] as const, person.n) as Way,
      email: address(person),
      isVerified: person.n % 10 !== 0,
      isBlocked: person.n % 97 === 0,
    },
  ]
}
