import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startApp } from './app-process.mjs'
import { startExample } from './example.mjs'
import { freePort } from './options.mjs'
import { ACTION, ROOT, TENANT } from './paths.mjs'

/** The example's port, if it is free. */
const EXAMPLE_PORT = 4403

/**
 * A running demo. URLs have no trailing slash.
 *
 * @typedef {object} Demo
 * @property {string} app
 * @property {string} tenant - The tenant, at the login domain.
 * @property {string} tls - The tenant, at the canonical domain.
 * @property {string} other - The third-party application.
 * @property {string} smtp - The SMTP sink.
 * @property {string | undefined} example - The example application, if it was asked for.
 * @property {string} ca - Path of the certificate authority's file.
 * @property {{ key: string, cert: string }} certificate - For the loopback names, PEM, for further servers that use TLS.
 * @property {Record<string, string>} env - The application's environment at its start.
 * @property {() => number[]} pids - Returns the ids of the application's processes.
 * @property {() => string} output - Returns what the application printed so far.
 * @property {() => Promise<void>} crashApp - Kills the application, and starts it again.
 * @property {() => Promise<void>} close - Ends the application and the tenant.
 */

/** @typedef {ReturnType<import('./options.mjs').parseOptions>} Options */

/**
 * Starts the tenant and the application, which must be built.
 *
 * @param {Omit<Options, 'appTls' | 'tenantTlsLogin' | 'smtpPort'> & Partial<Options> & { dev?: boolean,
 *   hasEventStream?: boolean, hasExample?: boolean, env?: Record<string, string>, onExit?: (output: string) => void,
 *   start?: typeof startApp }} options - The options of the command. With `hasEventStream` the tenant reports changed users
 *   to the application. With `hasExample` the example, which must be built, is started beside them. `env` is added to the
 *   application's environment. `onExit` is called if the application ends unexpectedly. `start` starts the program that
 *   listens on the application's port.
 * @returns {Promise<Demo>}
 */
export async function startDemo(options) {
  try {
    return await startOnce(options)
  } catch (error) {
    // A port that was free when it was chosen may be taken a moment later, for example by another demo, so try once more.
    // The error for a port that the user asked for has no code.
    if (error.code !== 'EADDRINUSE') throw error
    return startOnce(options)
  }
}

async function startOnce({
  appHost,
  appTls = false,
  tenantTlsLogin = false,
  dev = false,
  hasEventStream = false,
  hasExample = false,
  env: extra = {},
  onExit = () => {},
  start = startApp,
  ...options
}) {
  const { startTenant } = await import(pathToFileURL(join(ROOT, TENANT)).href)
  const appPort = await portOf(options.appPort)
  const app = `${appTls ? 'https' : 'http'}://${appHost}:${appPort}`
  const example = hasExample ? `http://127.0.0.1:${await freePort(EXAMPLE_PORT, false)}` : undefined
  const actionEventsSecret = randomBytes(32).toString('base64url')
  const auth0EventsSecret = randomBytes(32).toString('base64url')
  const world = options.worldFile ? readJson(options.worldFile) : undefined
  const tenant = await startTenant({
    appHost,
    appPort,
    isAppTls: appTls,
    isLoginTls: tenantTlsLogin,
    tenantPort: await portOf(options.tenantPort),
    tenantTlsPort: await portOf(options.tenantTlsPort),
    otherPort: await portOf(options.otherPort),
    exampleOrigin: example,
    smtpPort: await portOf(options.smtpPort ?? { value: 0, asked: false }),
    actions: options.actions.length > 0 ? options.actions : [join(ROOT, ACTION)],
    secrets: {
      // The Action sends the events of its links to the application, and the application sends them to the webhook.
      EVENTS_WEBHOOK_URL: `${app}/events`,
      EVENTS_WEBHOOK_SECRET: actionEventsSecret,
      ...(options.secretsFile ? readJson(options.secretsFile) : {}),
    },
    world,
    ...(hasEventStream && { eventStreamToken: extra.AUTH0_EVENTS_SECRET ?? auth0EventsSecret }),
  })
  const env = {
    ...appEnvironment(app, tenant),
    ...ownBrand(app, world),
    ACTION_EVENTS_SECRET: actionEventsSecret,
    // With `LINKING_AUTHORITY=user` the service can have no console and cannot follow links and unlinks that others make.
    ...(extra.LINKING_AUTHORITY !== 'user' && { CONSOLE: 'on', AUTH0_EVENTS_SECRET: auth0EventsSecret }),
    ...extra,
  }
  try {
    const startProcess = () =>
      start({
        port: appPort,
        tls: appTls ? tenant.tls : undefined,
        env: { ...process.env, ...env, NODE_ENV: dev ? 'development' : 'production' },
        dev,
        onExit,
      })
    let running = await startProcess()
    const runningExample =
      example &&
      (await startExample(exampleEnvironment(example, app, tenant)).catch(async (error) => {
        await running.close()
        throw error
      }))
    return {
      app,
      tenant: tenant.loginOrigin,
      tls: tenant.canonicalOrigin,
      other: tenant.otherOrigin,
      ca: tenant.caFile,
      smtp: tenant.smtpUrl,
      example,
      certificate: tenant.tls,
      env,
      pids: () => running.pids(),
      output: () => running.output(),
      crashApp: async () => {
        await running.kill()
        running = await startProcess()
      },
      close: async () => {
        await running.close()
        if (runningExample) await runningExample.close()
        await tenant.close()
      },
    }
  } catch (error) {
    await tenant.close()
    throw error
  }
}

/** Returns the application's configuration. Its secrets are new for every run. */
function appEnvironment(app, { state, loginOrigin, canonicalOrigin, otherOrigin, smtpUrl, caFile }) {
  const secretOf = (id) => state.clients.get(id)?.client_secret ?? ''
  return {
    APP_BASE_URL: app,
    AUTH0_DOMAIN: loginOrigin,
    AUTH0_MANAGEMENT_DOMAIN: canonicalOrigin,
    AUTH0_CLIENT_ID: 'demo-app',
    AUTH0_CLIENT_SECRET: secretOf('demo-app'),
    AUTH0_SECRET: randomBytes(32).toString('hex'),
    LINKING_CLIENT_ID: 'linking',
    LINKING_CLIENT_SECRET: secretOf('linking'),
    MANAGEMENT_API_CLIENT_ID: 'linking-m2m',
    MANAGEMENT_API_CLIENT_SECRET: secretOf('linking-m2m'),
    SESSION_TOKEN_SHARED_SECRET: state.sharedSecret,
    FLOW_SECRET: randomBytes(32).toString('base64url'),
    // The inspector shows these events as the emails that an application would send.
    EVENTS_WEBHOOK_URL: `${loginOrigin}/_tenant/events`,
    EVENTS_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    // The inspector shows these mails as well.
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Example Inc <accounts@example.com>',
    BROWSER_LINKING_CLIENT_ID: 'demo-spa',
    RESTART_URL: `${otherOrigin}/login`,
    OFFER: 'on',
    DEMO: '1',
    DEMO_OTHER_URL: otherOrigin,
    DEMO_TENANT_URL: loginOrigin,
    NODE_EXTRA_CA_CERTS: caFile,
    NEXT_TELEMETRY_DISABLED: '1',
  }
}

/** Returns the configuration of the example application. */
const exampleEnvironment = (example, app, { state, loginOrigin, caFile }) => ({
  APP_BASE_URL: example,
  ACCOUNTS_URL: app,
  AUTH0_DOMAIN: loginOrigin,
  AUTH0_CLIENT_ID: 'demo-example',
  AUTH0_CLIENT_SECRET: state.clients.get('demo-example')?.client_secret ?? '',
  NODE_EXTRA_CA_CERTS: caFile,
})

/**
 * Returns the demo's brand as environment variables. Returns none if the world has a brand, because the variables would
 * override that.
 */
const ownBrand = (app, world) =>
  world?.settings || world?.organizations ? {} : { BRAND_NAME: 'Example Inc', SUPPORT_URL: `${app}/` }

const portOf = ({ value, asked }) => freePort(value, asked)

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path} is not readable as JSON: ${error.message}`)
  }
}
