// `npm run demo`, and with --dev `npm run dev`: installs, builds and starts everything; with --example also the example
// application. The dependencies may not be installed yet, so import only what comes with Node.js until `ensureInstalled` is
// done.
import { ensureBuilt } from './lib/build.mjs'
import { endWithParent } from './lib/end-with-parent.mjs'
import { ensureExampleBuilt } from './lib/example.mjs'
import { ensureInstalled } from './lib/install.mjs'

const args = process.argv.slice(2)
const dev = args.includes('--dev')
const hasExample = args.includes('--example')

/** @type {Promise<import('./lib/demo-world.mjs').Demo> | undefined} */
let starting
// Only the demo has to be closed: installations and builds run as child processes that end with this process.
const closeAll = async () => (await starting?.catch(() => undefined))?.close()
endWithParent(closeAll)

try {
  await ensureInstalled()
  await ensureBuilt({ dev })
  if (hasExample) await ensureExampleBuilt()
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

function whatToTry({ app, tenant, other, example }) {
  const menu = example
    ? `\n  4. ${example}/  an application of yours: its account menu shows the methods, and leads to the page and back`
    : ''
  return `
  Open ${app} and take the tour, or start here:

  1. ${other}/login  sign in as Ann: "Continue with Google", then ann@example.com
  2. "Link accounts", and prove the other account; the password is: correct horse
  3. ${tenant}/_tenant/  shows the result in the tenant${menu}

  Ctrl-C ends the demo.
`
}
