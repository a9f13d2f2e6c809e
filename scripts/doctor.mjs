// Looks what is wrong: `npm run doctor`. Nothing but what comes with node may be imported here before the dependencies are
// there.
import { ensureActionBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'

try {
  await ensureInstalled()
  await ensureActionBuilt()
  const { loadTypeScript } = await import('./lib/typescript.mjs')
  const { main } = await loadTypeScript('operator/doctor/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 3
}
