// Drives the real `auth0-js` outside a browser, in a process that trusts a tenant's CA: NODE_EXTRA_CA_CERTS is read at start
// only. This file provides the parts of `window` that it needs. Like a browser, it sends preflights and withholds responses
// that another origin may not read. Receives messages { id, call, options, args }, sends { id, result } or { id, error }.
const cookies = new Map()
const origin = process.env.PAGE_ORIGIN
const realFetch = globalThis.fetch
const SAFE_HEADERS = ['accept', 'origin']

globalThis.window = globalThis
globalThis.location = { origin, href: `${origin}/`, host: new URL(origin).host, protocol: 'http:', hash: '' }
globalThis.document = {
  get cookie() {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  },
  set cookie(text) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(text)
    cookies.set(name, value)
  },
}

globalThis.fetch = async (url, { method = 'GET', headers = {}, body } = {}) => {
  const sent = { ...headers, origin }
  const unsafe = Object.keys(sent)
    .map((name) => name.toLowerCase())
    .filter((name) => !SAFE_HEADERS.includes(name))
  if (unsafe.length > 0) await preflight(url, method, unsafe)
  const response = await realFetch(url, { method, headers: sent, body })
  assertShared(response)
  return response
}

async function preflight(url, method, names) {
  const headers = {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': names.sort().join(','),
  }
  const response = await realFetch(url, { method: 'OPTIONS', headers })
  assertShared(response)
  const list = (name) => response.headers.get(name)?.toLowerCase().split(',') ?? []
  const isAllowed = list('access-control-allow-methods').includes(method.toLowerCase())
  if (!isAllowed || !names.every((name) => list('access-control-allow-headers').includes(name))) {
    throw new TypeError('refused by the preflight')
  }
}

function assertShared(response) {
  if (response.headers.get('access-control-allow-origin') !== origin) throw new TypeError('not shared')
}

globalThis.XMLHttpRequest = class {
  readyState = 0
  status = 0
  responseText = ''
  #headers = {}
  #onChange = () => {}

  open(method, url) {
    Object.assign(this, { method, url })
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value
  }

  addEventListener(name, listener) {
    if (name === 'readystatechange') this.#onChange = listener
  }

  getAllResponseHeaders() {
    const exposed = this.response.headers.get('access-control-expose-headers')?.split(',') ?? []
    return [...this.response.headers]
      .filter(([name]) => name === 'content-type' || exposed.includes(name))
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
  }

  getResponseHeader(name) {
    return this.response.headers.get(name)
  }

  async send(body) {
    try {
      this.response = await fetch(this.url, { method: this.method, headers: this.#headers, body })
      this.responseText = await this.response.text()
      this.status = this.response.status
    } catch {
      this.status = 0
    }
    this.readyState = 4
    this.#onChange()
  }
}

const { default: auth0 } = await import('auth0-js')

const calls = {
  // Returns the URL that `popup.authorize` opens.
  popupUrl: (options, [parameters]) =>
    new Promise((resolve) => {
      const popupHandler = { load: (url) => resolve(url) }
      new auth0.WebAuth(options).popup.authorize({ ...parameters, popupHandler }, () => {})
    }),
  // Parses the fragment of the popup's response, as the page in the popup does.
  parseHash: (options, [hash]) =>
    new Promise((resolve, reject) => {
      new auth0.WebAuth(options).parseHash({ hash }, (error, result) =>
        error ? reject(error) : resolve(result),
      )
    }),
  management: (options, [method, ...args]) =>
    new Promise((resolve, reject) => {
      new auth0.Management(options)[method](...args, (error, result) =>
        error ? reject(error) : resolve(result),
      )
    }),
}

process.on('message', async ({ id, call, options, args }) => {
  try {
    process.send({ id, result: await calls[call](options, args) })
  } catch (error) {
    const { code, error: name, errorDescription, description, statusCode } = error
    process.send({
      id,
      error: { code: code ?? name, description: description ?? errorDescription, statusCode },
    })
  }
})
