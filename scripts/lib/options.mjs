/**
 * The flags and environment variables of the commands, and the choice of ports.
 * @module
 */
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const PORTS = {
  appPort: { flag: 'app-port', variable: 'APP_PORT', defaultPort: 3000 },
  tenantPort: { flag: 'tenant-port', variable: 'TENANT_PORT', defaultPort: 4400 },
  tenantTlsPort: { flag: 'tenant-tls-port', variable: 'TENANT_TLS_PORT', defaultPort: 4401 },
  otherPort: { flag: 'other-port', variable: 'OTHER_PORT', defaultPort: 4402 },
  smtpPort: { flag: 'smtp-port', variable: 'SMTP_PORT', defaultPort: 4425 },
}

const SWITCHES = {
  appTls: { flag: 'app-tls', variable: 'APP_TLS' },
  tenantTlsLogin: { flag: 'tenant-tls-login', variable: 'TENANT_TLS_LOGIN' },
}

/**
 * Reads the flags. An environment variable is used if its flag is absent.
 *
 * @param {string[]} argv - The arguments, without `node` and the script.
 * @param {Record<string, string | undefined>} env
 * @returns {{ appHost: string, appPort: PortOption, tenantPort: PortOption, tenantTlsPort: PortOption, otherPort:
 *   PortOption, smtpPort: PortOption, appTls: boolean, tenantTlsLogin: boolean, hasExample: boolean, actions: string[],
 *   secretsFile: string | undefined, worldFile: string | undefined }} Files are absolute paths.
 * @throws {Error} For an unknown flag, or a value that is not a port.
 * @typedef {{ value: number, asked: boolean }} PortOption `asked` means that a flag or a variable named this port.
 */
export function parseOptions(argv, env) {
  const text = { type: /** @type {const} */ ('string') }
  const flag = { type: /** @type {const} */ ('boolean') }
  const { values } = parseArgs({
    args: argv,
    options: {
      'app-host': text,
      'app-port': text,
      'tenant-port': text,
      'tenant-tls-port': text,
      'other-port': text,
      'smtp-port': text,
      'app-tls': flag,
      'tenant-tls-login': flag,
      example: flag,
      action: { ...text, multiple: true },
      secrets: text,
      world: text,
    },
  })
  const port = ({ flag, variable, defaultPort }) => {
    const given = values[flag] || env[variable]
    if (!given) return { value: defaultPort, asked: false }
    const value = Number(given)
    if (Number.isInteger(value) && value >= 0 && value <= 65_535) return { value, asked: true }
    throw new Error(`--${flag} (${variable}) is not a port: ${given}`)
  }
  const isOn = ({ flag, variable }) => Boolean(values[flag] ?? env[variable] === '1')
  const file = (name) => (name ? resolve(name) : undefined)
  const actions = values.action ?? (env.TENANT_ACTION ? [env.TENANT_ACTION] : [])
  return {
    appHost: values['app-host'] || env.APP_HOST || 'localhost',
    appPort: port(PORTS.appPort),
    tenantPort: port(PORTS.tenantPort),
    tenantTlsPort: port(PORTS.tenantTlsPort),
    otherPort: port(PORTS.otherPort),
    smtpPort: port(PORTS.smtpPort),
    appTls: isOn(SWITCHES.appTls),
    tenantTlsLogin: isOn(SWITCHES.tenantTlsLogin),
    hasExample: Boolean(values.example),
    actions: actions.map((name) => resolve(name)),
    secretsFile: file(values.secrets || env.TENANT_SECRETS),
    worldFile: file(values.world || env.TENANT_WORLD),
  }
}

/**
 * Returns the given port if it is free, or any free port if it is taken and was not asked for.
 *
 * @param {number} port - 0 for any free one.
 * @param {boolean} asked - Whether a flag or a variable named this port.
 * @param {string} [host] - The IP address to try; by default both loopback addresses.
 * @returns {Promise<number>}
 * @throws {Error} If a port that was asked for is taken; the message names it.
 */
export async function freePort(port, asked, host) {
  if (port === 0) return freePort(anyPort(), false, host)
  const hosts = host === undefined || host === 'localhost' ? ['127.0.0.1', '::1'] : [host]
  for (const address of hosts) {
    const code = await tryToListen(port, address)
    if (code !== 'EADDRINUSE' && code !== 'EACCES') continue
    if (asked) throw new Error(`Port ${port} is taken. Name another port, or none to get a free one.`)
    return freePort(0, false, host)
  }
  return port
}

function tryToListen(port, host) {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error) => done(error.code))
    server.listen(port, host, () => server.close(() => done(undefined)))
  })
}

/**
 * Returns a random port below the range that systems use for outgoing connections, because such a connection could take the
 * port before the server starts. The range begins above 10080, which `fetch` and browsers refuse
 * (https://fetch.spec.whatwg.org/#bad-port).
 */
const anyPort = () => 10_081 + Math.floor(Math.random() * 22_000)
