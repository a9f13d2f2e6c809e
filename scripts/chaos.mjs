// Plays what can go wrong: `npm run chaos`. Nothing but what comes with node may be imported here before the dependencies
// are there.
import { ensureBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureRedis } from './lib/redis.mjs'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

try {
  await ensureInstalled()
  await ensureRedis()
  await ensureBuilt()
  const { loadTypeScript } = await import('./lib/typescript.mjs')
  const { chaos } = await loadTypeScript('tests/chaos/chaos.ts')
  process.exit((await chaos(process.argv.slice(2))) ? 0 : 1)
} catch (error) {
  console.error(error)
  process.exit(1)
}
