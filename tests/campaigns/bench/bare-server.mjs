// The least that the linking service can cost: a `node:http` server that only remembers used tokens, and does the same
// cryptography with the same library.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { CompactEncrypt, compactDecrypt, jwtVerify } from 'jose'

const { PORT, SHARED_SECRET } = process.env
const DOCUMENT = process.env.DOCUMENT ?? ''
const encoder = new TextEncoder()
const shared = await crypto.subtle.importKey(
  'raw',
  encoder.encode(SHARED_SECRET),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['verify'],
)
const sealing = await crypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, [
  'encrypt',
  'decrypt',
])
const used = new Set()
const hashOf = (text) => createHash('sha256').update(text).digest('base64url')

async function open(query) {
  const { payload } = await jwtVerify(query.get('session_token'), shared, { algorithms: ['HS256'] })
  const id = `${payload.jti} ${hashOf(query.get('session_token').split('.')[2])}`
  if (used.has(id)) return { status: 400 }
  used.add(id)
  const [state, user] = [query.get('state'), hashOf(payload.sub)]
  const flow = { ...payload, state, user, handle: hashOf(state), csrf: randomBytes(16).toString('base64url') }
  const cookie = await new CompactEncrypt(encoder.encode(JSON.stringify(flow)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(sealing)
  return { status: 303, headers: { location: '/prompt', 'set-cookie': `flow=${cookie}` } }
}

async function prompt(cookie) {
  await compactDecrypt(cookie.slice('flow='.length), sealing)
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: DOCUMENT }
}

const answers = {
  '/link': ({ searchParams }) => open(searchParams),
  '/prompt': (_url, { cookie }) => prompt(cookie),
  '/forget': () => {
    used.clear()
    return { status: 204 }
  },
  '/': () => ({ status: 204 }),
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost')
  const { status, headers, body } = await answers[url.pathname](url, request.headers)
  response.writeHead(status, headers).end(body)
}).listen(Number(PORT), '127.0.0.1')
