// Measures what linking costs: `npm run bench`. Nothing but what comes with node may be imported here before the
// dependencies are there.
import { ensureBuilt } from './lib/build.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureRedis } from './lib/redis.mjs'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

try {
  await ensureInstalled()
  await ensureChromium()
  await ensureRedis()
  await ensureBuilt()
  const { loadTypeScript } = await import('./lib/typescript.mjs')
  const { bench } = await loadTypeScript('tests/bench/bench.ts')
  await bench(process.argv.slice(2))
  process.exit()
} catch (error) {
  console.error(error)
  process.exit(1)
}
