// `npm run demo`, and with --dev `npm run dev`: installs, builds and starts everything. The dependencies may not be
// installed yet, so import only what comes with Node.js until `ensureInstalled` is done.
import { ensureBuilt } from './lib/build.mjs'
import { endWithParent } from './lib/end-with-parent.mjs'
import { ensureInstalled } from './lib/install.mjs'

const args = process.argv.slice(2)
const dev = args.includes('--dev')

/** @type {Promise<import('./lib/demo-world.mjs').Demo> | undefined} */
let starting
// Installations and builds end with this process.
const closeAll = async () => (await starting?.catch(() => undefined))?.close()
endWithParent(closeAll)

try {
  await ensureInstalled()
  await ensureBuilt({ dev })
  starting = start()
  const demo = await starting
  console.log(
    `READY app=${demo.app} tenant=${demo.tenant} tls=${demo.tls} other=${demo.other} ca=${demo.ca} smtp=${demo.smtp}`,
  )
  console.log(whatToTry(demo))
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

async function start() {
  const { parseOptions } = await import('./lib/options.mjs')
  const { startDemo } = await import('./lib/demo-world.mjs')
  const flags = args.filter((arg) => arg !== '--dev')
  const onExit = async (output) => {
    console.error(`The application ended unexpectedly.\n${output}`)
    await closeAll()
    process.exit(1)
  }
  return startDemo({ ...parseOptions(flags, process.env), dev, hasEventStream: true, onExit })
}

function whatToTry({ app, tenant, other }) {
  return `
  Open ${app} and take the tour, or start here:

  1. ${other}/login  sign in as Ann: "Continue with Google", then ann@example.com
  2. "Link accounts", and prove the other account; the password is: correct horse
  3. ${tenant}/_tenant/  shows the result in the tenant

  Ctrl-C ends the demo.
`
}
