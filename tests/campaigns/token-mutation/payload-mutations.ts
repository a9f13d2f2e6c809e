/**
 * Payloads with a changed text, signed with the right key.
 * @module
 */

/** Claims to add to a token, as JSON: ones that no token of ours has, and ones of another kind of token. */
export const EXTRA: string[] = [
  '"role":"admin"',
  '"admin":true',
  '"aud":"other"',
  '"scope":"*"',
  '"redirect_uri":"https://evil.test"',
  '"continue_uri":"https://evil.test"',
  '"continue_url":"https://evil.test"',
  '"primary_identity":{"user_id":"auth0|mallory","provider":"auth0","connection":"db"}',
  '"result":"link"',
  '"__proto__":{"polluted":1,"sub":"auth0|mallory"}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"toString":null',
  '"hasOwnProperty":1',
  '"then":{}',
  '"toJSON":"x"',
  '"":1',
  '"\\u0000":1',
  '"sub ":"auth0|mallory"',
  '"SUB":"auth0|mallory"',
  '"ѕub":"auth0|mallory"',
  `"deep":${'['.repeat(4_000)}${']'.repeat(4_000)}`,
  `"long":"${'x'.repeat(9_000)}"`,
  '"emoji":"😀\\ud83d\\ude00\\ud800"',
]

/** Changes to the JSON text of a payload. Most results are no longer a JSON object with the claims. */
export const PAYLOADS: ((json: string) => string | Buffer)[] = [
  (json) => `[${json}]`,
  (json) => JSON.stringify(json),
  () => 'null',
  () => '5',
  () => 'true',
  () => '""',
  () => '[]',
  () => '{}',
  () => '',
  (json) => json.slice(0, -1),
  (json) => `${json}x`,
  (json) => `${json}${json}`,
  (json) => `${json.slice(0, -1)},}`,
  (json) => json.replaceAll('"', "'"),
  (json) => `/**/${json}`,
  (json) => json.replace('{', '{"nan":NaN,'),
  (json) => ` \n\t${json}\r\n `,
  (json) => `\u00A0${json}`,
  (json) => `\uFEFF${json}`,
  (json) => Buffer.from(json, 'utf16le'),
  (json) =>
    Buffer.concat([
      Buffer.from(json.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]),
  (json) =>
    Buffer.concat([
      Buffer.from(json.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xc0, 0x80]),
      Buffer.from('"}'),
    ]),
  (json) =>
    Buffer.concat([
      Buffer.from(json.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('"}'),
    ]),
  (json) => Buffer.concat([Buffer.from([0xff]), Buffer.from(json)]),
  (json) => json.replace(/[a-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (json) => json.replace('{', '{'.repeat(2_000)),
]
