// `npm run check:full` runs every check that takes too long for `npm test`, nightly and before a release. The dependencies
// may not be installed yet, so import only what comes with Node.js until `ensureInstalled` is done.
import { ensureInstalled } from './lib/install.mjs'
import { ensureNodes, environmentOn, findNode } from './lib/node.mjs'
import { run } from './lib/run.mjs'

const VITEST = 'node_modules/vitest/vitest.mjs'
const LINES = [22, 24]

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

try {
  await ensureInstalled()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
const notRun = await ensureNodes(LINES)

/**
 * The checks. They run one after the other, because each may use the whole machine.
 *
 * @type {{ name: string, command: string, args: string[], env?: NodeJS.ProcessEnv }[]}
 */
const parts = [
  { name: 'npm run check', command: 'npm', args: ['run', 'check'] },
  ...LINES.flatMap((line) => {
    const node = findNode(line)
    const args = [VITEST, 'run', '--project', 'units', '--project', 'units-alone', '--project', 'servers']
    return node ? [{ name: `units on Node.js ${line}`, command: node, args, env: environmentOn(node) }] : []
  }),
  { name: 'npm run test:rest', command: 'npm', args: ['run', 'test:rest'] },
  {
    name: 'sessions that end, the whole grid',
    command: process.execPath,
    args: [VITEST, 'run', '--project', 'flows', 'tests/flows/ended.flow.test.ts'],
    env: { ...process.env, ENDED_GRID: 'all' },
  },
  {
    name: 'two accounts of any kind, in 200 worlds',
    command: process.execPath,
    args: [VITEST, 'run', '--project', 'flows-alone', 'tests/flows/worlds.flow.test.ts'],
    env: { ...process.env, FLOW_WORLDS: '200' },
  },
  {
    name: 'what Next.js does without our limits',
    command: process.execPath,
    args: [VITEST, 'run', '--project', 'flows-alone', 'tests/flows/standstill.flow.test.ts'],
    env: { ...process.env, STANDSTILL: 'all' },
  },
  {
    name: 'duplicates: 2,000 pairs there and back, 200 kills',
    command: process.execPath,
    args: [VITEST, 'run', '--project', 'programs', 'tests/operator/duplicates'],
    env: { ...process.env, PAIRS: '2000', KILLS: '200' },
  },
  { name: 'npm run attack', command: 'npm', args: ['run', 'attack'] },
  { name: 'npm run chaos', command: 'npm', args: ['run', 'chaos', '--', '--seeds', '500'] },
  { name: 'npm run mutants', command: 'npm', args: ['run', 'mutants'] },
  { name: 'contact sheet', command: 'npm', args: ['run', 'screenshots', '--', '--contact-sheet'] },
]

/** @type {string[]} */
const results = []
for (const { name, command, args, env = process.env } of parts) {
  console.log(`\n== ${name}`)
  const start = Date.now()
  const outcome = await run(command, args, { env, output: 'inherit' }).then(
    () => 'passed',
    () => 'failed',
  )
  results.push(`${outcome}: ${name} (${Math.round((Date.now() - start) / 1000)} s)`)
}

const failed = results.filter((result) => result.startsWith('failed')).length
console.log(`\n${results.join('\n')}`)
// These are releases of Node.js. Each check has itself printed what else it could not run.
if (notRun.length > 0) console.log(`not run: ${notRun.join(', ')}`)
console.log(`${results.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || (notRun.length > 0 && process.env.CI === 'true') ? 1 : 0
