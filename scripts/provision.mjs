// Sets a tenant up: `npm run provision`. Nothing but what comes with node may be imported here before the dependencies are
// there.
import { ensureActionBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'

try {
  await ensureInstalled()
  await ensureActionBuilt()
  const { loadTypeScript } = await import('./lib/typescript.mjs')
  const { main } = await loadTypeScript('operator/provision/main.ts')
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
