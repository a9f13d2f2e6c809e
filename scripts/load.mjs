// `npm run load -- --logins 500` lets 500 people link at the same moment, at a tenant with a rate limit. The dependencies
// may not be installed yet, so import only what comes with Node.js until `ensureInstalled` is done.
import { parseArgs } from 'node:util'
import { ensureBuilt } from './lib/build.mjs'
import { endWithParent } from './lib/end-with-parent.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNginx } from './lib/nginx.mjs'
import { ensureRedis } from './lib/redis.mjs'
import { loadTypeScript } from './lib/typescript.mjs'

/** @type {Promise<import('../tests/support/flow/behind-proxy').BehindProxy> | undefined} */
let starting
const closeAll = async () => (await starting?.catch(() => undefined))?.close()
endWithParent(closeAll)

try {
  const logins = loginsOf(process.argv.slice(2))
  await ensureInstalled()
  await ensureRedis()
  await ensureNginx()
  await ensureBuilt()
  const { runLoad, startBehindProxy, tableOf } = await loadTypeScript('tests/campaigns/load/index.ts')
  starting = startBehindProxy()
  const report = await runLoad(await starting, logins, console.log)
  console.log(tableOf(report))
  console.log(`${report.passed} passed, ${report.failed} failed`)
  process.exitCode = report.failed === 0 ? 0 : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
await closeAll()
process.exit()

/** Returns the number of people: `--logins`, 500 by default. */
function loginsOf(args) {
  const { values } = parseArgs({ args, options: { logins: { type: 'string', default: '500' } } })
  const logins = Number(values.logins)
  if (Number.isInteger(logins) && logins > 0) return logins
  throw new Error(`--logins is not a number of people: ${values.logins}`)
}
