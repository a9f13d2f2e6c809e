// Runs one of the programs that are written in TypeScript: `node scripts/run.mjs NAME`, which is `npm run NAME`. The
// dependencies may not be installed yet, so import only what comes with Node.js until `ensureInstalled` is done.
import { ensureActionBuilt, ensureBuilt } from './lib/build.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNginx } from './lib/nginx.mjs'
import { ensureRedis } from './lib/redis.mjs'
import { loadTypeScript } from './lib/typescript.mjs'

/**
 * @typedef {object} Program
 * @property {() => Promise<Record<string, any>>} load - Loads its module, which exports `main(args)`. `main` returns an exit
 *   status, a boolean (false is a failure), or nothing.
 * @property {(() => Promise<void>)[]} [needs] - What to install or build first.
 * @property {number} [failed] - The exit status if the program throws; 1 by default.
 * @property {boolean} [exits] - When `main` is done the process ends, even if connections are still open.
 * @property {boolean} [isCampaign] - The program starts servers and browsers. It ends at the first signal and as soon as
 *   `main` is done, even if something it started is still open.
 */

/** @type {Record<string, Program>} */
const PROGRAMS = {
  provision: { load: () => loadTypeScript('operator/provision/main.ts'), needs: [ensureActionBuilt] },
  doctor: { load: () => loadTypeScript('operator/doctor/main.ts'), needs: [ensureActionBuilt], failed: 3 },
  duplicates: { load: () => loadTypeScript('operator/duplicates/main.ts'), failed: 3, exits: true },
  events: { load: () => loadTypeScript('operator/events/main.ts'), failed: 3, exits: true },
  worker: { load: () => loadTypeScript('operator/worker/main.ts'), exits: true },
  'migrate:extension': { load: () => loadTypeScript('operator/migrate/main.ts') },
  attack: {
    load: () => loadTypeScript('tests/campaigns/attack/main.ts'),
    needs: [ensureChromium, ensureRedis, ensureNginx, ensureBuilt],
    isCampaign: true,
  },
  bench: {
    load: () => loadTypeScript('tests/campaigns/bench/bench.ts'),
    needs: [ensureChromium, ensureRedis, ensureBuilt],
    isCampaign: true,
  },
  chaos: {
    load: () => loadTypeScript('tests/campaigns/chaos/chaos.ts'),
    needs: [ensureRedis, ensureBuilt],
    isCampaign: true,
  },
}

const [name = '', ...args] = process.argv.slice(2)
if (Object.hasOwn(PROGRAMS, name)) await run(PROGRAMS[name], args)
else {
  console.error(`node scripts/run.mjs NAME, where NAME is one of ${Object.keys(PROGRAMS).join(', ')}`)
  process.exitCode = 1
}

/**
 * Loads a program and runs it. See {@link Program} for what the parts of an entry mean.
 *
 * @param {Program} program
 * @param {string[]} args
 */
async function run({ load, needs = [], failed = 1, exits = false, isCampaign = false }, args) {
  if (isCampaign)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  try {
    await ensureInstalled()
    for (const need of needs) await need()
    const { main } = await load()
    const result = await main(args)
    process.exitCode = typeof result === 'number' ? result : result === false ? 1 : 0
  } catch (error) {
    console.error(isCampaign ? error : error.message)
    process.exitCode = failed
  }
  if (isCampaign || exits) process.exit()
}
