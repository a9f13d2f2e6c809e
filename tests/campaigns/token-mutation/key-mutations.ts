/**
 * Headers and keys that an attacker would like to be accepted.
 * @module
 */
import { createHash, createPrivateKey, createPublicKey, sign as signWith } from 'node:crypto'
import { type Claims, encode, HEADER, seal, sign } from './genuine'
import type { TokenWorld } from './world'

const EVIL = 'https://evil.test/keys'
/** A public key that stands for the tenant's. Its private key does not exist, so its text is the same in every run. */
const modulus = Buffer.concat(
  [...'01234567'].map((index) => createHash('sha256').update(`modulus ${index}`).digest()),
)
modulus.writeUInt8(modulus.readUInt8(0) | 128, 0)
modulus.writeUInt8(modulus.readUInt8(255) | 1, 255)
const RSA = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' }
const publicKey = createPublicKey({ key: RSA, format: 'jwk' })
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const DER = publicKey.export({ type: 'spki', format: 'der' })

/** An attacker's key, made from a fixed seed. */
const evil = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    createHash('sha256').update('somebody else').digest(),
  ]),
  format: 'der',
  type: 'pkcs8',
})
const evilJwk = createPublicKey(evil).export({ format: 'jwk' })

/** Keys with which no token may verify: guessed, confused or leaked ones. */
export function wrongKeys({ secret, previous = '', otherSecrets }: TokenWorld): (string | Buffer)[] {
  const spellings = [secret, previous].flatMap((value) => [
    `${value} `,
    ` ${value}`,
    `${value}\n`,
    `${value}\0x`,
    value.slice(0, -1),
    value.slice(1),
    value.toUpperCase(),
    JSON.stringify(value),
    encode(value),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('hex'),
    Buffer.from(value, 'base64'),
    createHash('sha256').update(value).digest(),
    Buffer.from(value, 'utf16le'),
  ])
  const guesses = ['', 'undefined', 'null', '[object Object]', 'secret', 'changeme', 'password', '0', 'HS256']
  const names = ['demo-app', 'linking', 'linking-m2m', 'localhost', 'SESSION_TOKEN_SHARED_SECRET']
  const publics = [PEM, ` ${PEM}`, `\n${PEM}`, PEM.trim(), `${PEM}\n`, PEM.replaceAll('\n', '\r\n'), DER]
  const jwks = [JSON.stringify(RSA), JSON.stringify({ keys: [RSA] }), RSA.n, modulus]
  return [...spellings, ...guesses, ...names, ...publics, ...jwks, ...otherSecrets, Buffer.alloc(32)]
}

/** Tokens without a signature, or with another kind of signature, by algorithm. */
export const ALGORITHMS: Record<string, (claims: Claims, key: string) => string> = {
  ...Object.fromEntries(
    ['none', 'None', 'NONE', 'nOnE', ' none', 'none\0', ''].flatMap((alg) => {
      const unsigned = (claims: Claims) => `${encode({ ...HEADER, alg })}.${encode(claims)}`
      return [
        [`${JSON.stringify(alg)}, empty signature`, (claims) => `${unsigned(claims)}.`],
        [`${JSON.stringify(alg)}, no signature`, unsigned],
        [`${JSON.stringify(alg)}, HS256 signature`, (claims, key) => sign(claims, key, { ...HEADER, alg })],
      ] satisfies [string, (claims: Claims, key: string) => string][]
    }),
  ),
  HS384: (claims, key) => sign(claims, key, { ...HEADER, alg: 'HS384' }, 'sha384'),
  HS512: (claims, key) => sign(claims, key, { ...HEADER, alg: 'HS512' }, 'sha512'),
  'HS384 under the name of HS256': (claims, key) => sign(claims, key, HEADER, 'sha384'),
  'HS512 under the name of HS256': (claims, key) => sign(claims, key, HEADER, 'sha512'),
  'SHA-1 under the name of HS256': (claims, key) => sign(claims, key, HEADER, 'sha1'),
  'HS512 cut to the length of HS256': (claims, key) => {
    const [header, payload, signature = ''] = sign(claims, key, HEADER, 'sha512').split('.')
    return `${header}.${payload}.${Buffer.from(signature, 'base64url').subarray(0, 32).toString('base64url')}`
  },
  ...Object.fromEntries(
    [
      'HS384',
      'HS512',
      'RS256',
      'PS256',
      'ES256',
      'EdDSA',
      'hs256',
      'Hs256',
      'HS256 ',
      'HS256\0',
      'HS-256',
    ].map((alg) => [`HS256 under the name of ${JSON.stringify(alg)}`, named({ ...HEADER, alg })]),
  ),
  'a list': named({ ...HEADER, alg: ['HS256'] }),
  'an object': named({ ...HEADER, alg: { HS256: true } }),
  null: named({ ...HEADER, alg: null }),
  'a number': named({ ...HEADER, alg: 256 }),
  absent: named({ typ: 'JWT' }),
  'twice, the wrong one last': (claims, key) =>
    seal(encode('{"alg":"HS256","typ":"JWT","alg":"none"}'), encode(claims), key),
  'EdDSA by another party': (claims) => signedByEvil(claims, { alg: 'EdDSA' }),
  'EdDSA by another party, as HS256': (claims) => signedByEvil(claims, { alg: 'HS256' }),
  'EdDSA by another party, key in the header': (claims) =>
    signedByEvil(claims, { alg: 'EdDSA', jwk: evilJwk }),
  'EdDSA by another party, address in the header': (claims) =>
    signedByEvil(claims, { alg: 'EdDSA', jku: EVIL }),
  'RS256 with the public key as a secret': (claims) => sign(claims, PEM, { ...HEADER, alg: 'RS256' }),
}

function named(header: object) {
  return (claims: Claims, key: string) => sign(claims, key, header)
}

function signedByEvil(claims: Claims, header: object): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signWith(null, Buffer.from(input), evil).toString('base64url')}`
}

/** Unusual headers: they name another key, have odd parameters, or are no object. Used with right and wrong keys. */
export const HEADERS: unknown[] = [
  ...['../../dev/null', '/proc/self/environ', "' OR 1=1--", ';id', '', 5, null, 'k'.repeat(6_000)].map(
    (kid) => ({
      ...HEADER,
      kid,
    }),
  ),
  { ...HEADER, jwk: { kty: 'oct', k: '' } },
  { ...HEADER, jwk: evilJwk },
  { ...HEADER, jku: EVIL },
  { ...HEADER, x5u: EVIL },
  { ...HEADER, x5c: ['MIIB'] },
  { ...HEADER, x5t: 'AAAA' },
  { ...HEADER, zip: 'DEF' },
  { ...HEADER, enc: 'A256GCM' },
  { ...HEADER, crit: ['foo'], foo: 1 },
  { ...HEADER, crit: ['b64'], b64: false },
  { ...HEADER, crit: ['b64'], b64: true },
  { ...HEADER, crit: ['exp'], exp: 1 },
  { ...HEADER, crit: [] },
  { ...HEADER, crit: null },
  { ...HEADER, crit: 'alg' },
  { ...HEADER, b64: false },
  { ...HEADER, b64: true },
  ...['jwt', 'at+jwt', 'JWE', 'application/jwt', '', 'JWT ', 'ＪＷＴ', 5, null, ['JWT']].map((typ) => ({
    alg: 'HS256',
    typ,
  })),
  { alg: 'HS256' },
  { ...HEADER, cty: 'JWT' },
  { ...HEADER, p2c: 1_000_000_000, p2s: 'AAAA' },
  [HEADER],
  [],
  null,
  'HS256',
  5,
  true,
]

/** Headers as text that parsers read differently. */
export const HEADER_TEXTS = [
  '{"alg":"none","alg":"HS256","typ":"JWT"}',
  '{"alg":"HS256","typ":"JWT","__proto__":{"alg":"none","polluted":1}}',
  '{"__proto__":{"alg":"HS256","typ":"JWT"}}',
  '{"constructor":{"prototype":{"alg":"HS256","polluted":1}}}',
  ' {"alg":"HS256","typ":"JWT"} ',
  '\uFEFF{"alg":"HS256","typ":"JWT"}',
  '{"\\u0061lg":"HS\\u0032\\u0035\\u0036","typ":"JWT"}',
  '{"alg":"HS256","typ":"JWT"}x',
  '{"alg":"HS256","typ":"JWT"',
  "{'alg':'HS256'}",
  '{"alg":"HS256","typ":"JWT",}',
  '{"Alg":"HS256","typ":"JWT"}',
  '{"alg":"HS256","kid":"\\ud800","typ":"JWT"}',
  '',
  '{}',
  '[',
]
