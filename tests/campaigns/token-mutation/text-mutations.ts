/**
 * Mutations of a signed token's text, made without any key.
 * @module
 */
import { encode } from './genuine'

/** Changes a token by two numbers, so that the change can be repeated. */
export type TextMutation = (token: string, a: number, b: number) => string

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Characters that decoders treat differently. */
const ODD = [...'=+/. \t\r\n\f\v\0%~,:"\\é｡．\u00A0\u2028\uFEFF\uFFFD\uD800', '😀', '%2E', '%0A', '==']

const at = <Item>(list: readonly Item[], index: number): Item => list[index % list.length] as Item
const insert = (text: string, index: number, piece: string) =>
  text.slice(0, index) + piece + text.slice(index)

/** Applies a change to one of the three parts. */
const inPart =
  (part: number, change: (text: string, a: number, b: number) => string): TextMutation =>
  (token, a, b) =>
    token
      .split('.')
      .map((text, index) => (index === part ? change(text, a, b) : text))
      .join('.')

function flipBits(text: string, a: number, b: number): string {
  const bytes = Buffer.from(text, 'base64url')
  const [first, second] = [a % (bytes.length * 8), b % (bytes.length * 8)]
  for (const bit of b % 4 === 0 ? [first, second] : [first])
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return bytes.toString('base64url')
}

function replaceByte(text: string, a: number, b: number): string {
  const bytes = Buffer.from(text, 'base64url')
  bytes.writeUInt8(b & 255, a % bytes.length)
  return bytes.toString('base64url')
}

/** Other ways to write an encoding of the same bytes. Decoders disagree about what they mean. */
export const RESPELLINGS: Record<string, (text: string, a: number, b: number) => string> = {
  'padding at the end': (text, a) => text + '='.repeat(1 + (a % 4)),
  'a blank at the end': (text, a) =>
    text + at([' ', '\t', '\n', '\r\n', '\f', '\v', '\0', '\u00A0', '\uFEFF'], a),
  'a blank before it': (text, a) => at([' ', '\t', '\n', '\uFEFF'], a) + text,
  'a blank inside': (text, a, b) => insert(text, b % text.length, at([' ', '\n', '\t', '\r', '\f'], a)),
  'padding inside': (text, _a, b) => insert(text, b % text.length, '='),
  'a character that is none': (text, a, b) => insert(text, b % (text.length + 1), at(ODD, a)),
  'the other alphabet': (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  'both alphabets': (text) => text.replace('-', '+').replace('_', '/'),
  'spare bits': (text, a) =>
    text.slice(0, -1) + at(ALPHABET.split(''), ALPHABET.indexOf(text.slice(-1)) ^ (1 + (a % 3))),
  'percent signs': (text, a) => insert(text, a % text.length, '%') + at(['%3D', '%0A', '%00'], a),
  'one character more': (text, a) => text + at(ALPHABET.split(''), a),
  'base64 of base64': (text) => encode(text),
}

/** Mutations by kind and name. */
export const TEXT_MUTATIONS: Record<string, Record<string, TextMutation>> = {
  'bits and bytes': {
    'bits of the header': inPart(0, flipBits),
    'bits of the payload': inPart(1, flipBits),
    'bits of the signature': inPart(2, flipBits),
    'a byte of the header': inPart(0, replaceByte),
    'a byte of the payload': inPart(1, replaceByte),
    'a byte of the signature': inPart(2, replaceByte),
  },
  characters: {
    changed: (token, a, b) => {
      const index = b % token.length
      return token.slice(0, index) + at(ALPHABET.split(''), a) + token.slice(index + 1)
    },
    'changed to an odd one': (token, a, b) => {
      const index = b % token.length
      return token.slice(0, index) + at(ODD, a) + token.slice(index + 1)
    },
    inserted: (token, a, b) => insert(token, b % (token.length + 1), at([...ALPHABET, ...ODD], a)),
    removed: (token, a) => token.slice(0, a % token.length) + token.slice((a % token.length) + 1),
    swapped: (token, a) => {
      const index = a % (token.length - 1)
      return token.slice(0, index) + token.charAt(index + 1) + token.charAt(index) + token.slice(index + 2)
    },
    doubled: (token, a) => insert(token, a % token.length, token.charAt(a % token.length)),
    'other case': (token, a) => (a % 2 === 0 ? token.toLowerCase() : token.toUpperCase()),
  },
  lengths: {
    'cut at the end': (token, a) => token.slice(0, a % token.length),
    'cut at the beginning': (token, a) => token.slice(1 + (a % token.length)),
    'cut on both sides': (token, a, b) => token.slice(a % 40, token.length - (b % 40)),
    'cut in the middle': (token, a, b) => {
      const index = a % token.length
      return token.slice(0, index) + token.slice(index + 1 + (b % 64))
    },
    'signature shortened': (token, a) => token.slice(0, -1 - (a % 43)),
    'twice in a row': (token, a) => token + at(['', '.', ' ', ','], a) + token,
    'far too long': (token, a) => token + 'A'.repeat(16_384 + (a % 5_000)),
  },
  'spelled otherwise': Object.fromEntries(
    Object.entries(RESPELLINGS).flatMap(([name, respell]) => [
      [`${name}, signature`, inPart(2, respell)],
      [`${name}, payload`, inPart(1, respell)],
      [`${name}, header`, inPart(0, respell)],
    ]),
  ),
  parts: {
    'an empty one': (token, a) => inPart(a % 3, () => '')(token, 0, 0),
    'two of three': (token, a) =>
      token
        .split('.')
        .filter((_, part) => part !== a % 3)
        .join('.'),
    'another order': (token, a) => {
      const [header, payload, signature] = token.split('.')
      return at(
        [
          [payload, header, signature],
          [signature, payload, header],
          [header, signature, payload],
        ],
        a,
      ).join('.')
    },
    'one too many': (token, a, b) => insert(token, a % token.length, '.') + at(['', '.', '.a', '..'], b),
    'other separators': (token, a) =>
      token.replaceAll('.', at([',', ':', '..', '%2E', '．', ' ', '\n', '/'], a)),
    'as JSON': (token, a) => {
      const [header, payload, signature] = token.split('.')
      const one = { protected: header, signature }
      return JSON.stringify(a % 2 === 0 ? { payload, ...one } : { payload, signatures: [one] })
    },
    'as JWE': (token, a) => {
      const alg = at(['dir', 'A256KW', 'PBES2-HS256+A128KW', 'RSA-OAEP'], a)
      const header = encode({ alg, enc: 'A256GCM', zip: 'DEF', p2c: 1_000_000_000, p2s: 'AAAA' })
      return [header, '', 'AAAAAAAAAAAAAAAA', encode(token), 'AAAAAAAAAAAAAAAAAAAAAA'].join('.')
    },
    'in quotes': (token, a) => at(['"', "'", '<', '\u0000'], a) + token + at(['"', "'", '>', ''], a),
    'with a scheme': (token, a) => at(['Bearer ', 'JWT ', 'urn:', 'session_token='], a) + token,
  },
}
