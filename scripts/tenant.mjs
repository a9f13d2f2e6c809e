/**
 * `npm run tenant` starts the local tenant alone.
 * @module
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './lib/build.mjs'
import { endWithParent } from './lib/end-with-parent.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { freePort, parseOptions } from './lib/options.mjs'
import { ACTION, ROOT, TENANT } from './lib/paths.mjs'

let starting
endWithParent(async () => (await starting?.catch(() => undefined))?.close())

try {
  const options = parseOptions(process.argv.slice(2), process.env)
  await ensureInstalled()
  // The application runs elsewhere, so it is not built.
  await ensureBuilt({ dev: true })
  starting = start(options)
  const { loginOrigin, canonicalOrigin, otherOrigin, caFile, smtpUrl } = await starting
  console.log(
    `READY tenant=${loginOrigin} tls=${canonicalOrigin} other=${otherOrigin} ca=${caFile} smtp=${smtpUrl}`,
  )
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

async function start(options) {
  const actions = options.actions.length > 0 ? options.actions : [join(ROOT, ACTION)]
  const missing = actions.find((file) => !existsSync(file))
  if (missing !== undefined) throw new Error(`There is no Action at ${missing}.`)

  const { startTenant } = await import(pathToFileURL(join(ROOT, TENANT)).href)
  const port = ({ value, asked }, host) => freePort(value, asked, host)
  return startTenant({
    appHost: options.appHost,
    appPort: options.appPort.value,
    isAppTls: options.appTls,
    isLoginTls: options.tenantTlsLogin,
    tenantPort: await port(options.tenantPort),
    tenantTlsPort: await port(options.tenantTlsPort),
    otherPort: await port(options.otherPort, '127.0.0.1'),
    smtpPort: await port(options.smtpPort, '127.0.0.1'),
    actions,
    secrets: await readJson(options.secretsFile),
    world: await readJson(options.worldFile),
  })
}

async function readJson(file) {
  return file === undefined ? undefined : JSON.parse(await readFile(file, 'utf8'))
}
