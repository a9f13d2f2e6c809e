// Takes settings of the Account Link Extension over: `npm run migrate:extension`. Nothing but what comes with node may be
// imported here before the dependencies are there.
import { ensureInstalled } from './lib/install.mjs'

try {
  await ensureInstalled()
  const { loadTypeScript } = await import('./lib/typescript.mjs')
  const { main } = await loadTypeScript('operator/migrate/main.ts')
  main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
