// Plays the corpus of attacks: `npm run attack`. Nothing but what comes with node may be imported here before the
// dependencies are there.
import { ensureBuilt } from './lib/build.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNginx } from './lib/nginx.mjs'
import { ensureRedis } from './lib/redis.mjs'

try {
  await ensureInstalled()
  await ensureChromium()
  await ensureRedis()
  await ensureNginx()
  await ensureBuilt()
  const { loadTypeScript } = await import('./lib/typescript.mjs')
  const { main } = await loadTypeScript('tests/attack/main.ts')
  process.exit((await main(process.argv.slice(2))) ? 0 : 1)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
