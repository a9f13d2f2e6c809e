// `npm test` runs, from a bare clone, the tests that one change can break. `npm run test:rest` runs all others, which meet the
// same code in other circumstances. The dependencies may not be installed yet, so import only what comes with Node.js until
// `ensureInstalled` is done.
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureExampleBuilt } from './lib/example.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNginx } from './lib/nginx.mjs'
import { DEPLOYED_NODE, ensureNodes } from './lib/node.mjs'
import { ensureOtherBrowsers } from './lib/other-browsers.mjs'
import { ensureRedis } from './lib/redis.mjs'
import { run } from './lib/run.mjs'
import { countPlaywright, countVitest, summarize } from './lib/test-report.mjs'
import { ensureTypedPrograms } from './lib/typed-programs.mjs'

const isRest = process.argv.includes('--rest')
const reports = mkdtempSync(join(tmpdir(), 'account-linking-tests-'))
process.once('exit', () => rmSync(reports, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

/** @type {string[]} */
let notRun = []
/** @type {ReturnType<typeof runTests> | undefined} */
let units
try {
  await ensureInstalled()
  await ensureChromium()
  await ensureRedis()
  await ensureNginx()
  notRun = [...(await ensureOtherBrowsers()), ...(await ensureNodes([DEPLOYED_NODE]))]
  if (notRun.length > 0 && process.env.CI === 'true')
    throw new Error(`The tests need ${notRun.join(' and ')}, which could not be installed.`)
  await ensureTypedPrograms()
  await ensureBuilt({ dev: true })
  // The units do not need the application, whose build leaves half a processor free.
  if (!isRest) units = runVitest('units', 'inherit', ['units', 'units-alone', 'servers'])
  await ensureBuilt()
  // Build the example before the tests: while they run, the build would take five times as long.
  if (isRest) await ensureExampleBuilt()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

// Two rows of runs beside each other keep both processors busy. The output of the flows is printed at the end.
const flowsOutput = join(reports, 'flows.txt')
const toFile = openSync(flowsOutput, 'w')
const rows = isRest
  ? [[() => runVitest('flows-full', toFile)], [() => runVitest('full', 'inherit'), runPlaywright]]
  : [
      [() => runVitest('flows', toFile), () => runVitest('flows-alone', toFile)],
      [() => units, () => runVitest('programs', 'inherit'), runPlaywright],
    ]
const counts = (await Promise.all(rows.map(inTurn))).flat()
process.stdout.write(readFileSync(flowsOutput))
const { lines, passed } = summarize(counts)
// Browsers and releases of Node.js that are not available count neither as passed nor as failed.
if (notRun.length > 0) console.log(`not run: ${notRun.join(', ')}`)
console.log(lines.join('\n'))
process.exitCode = passed ? 0 : 1

/** Calls functions one after the other, and returns their results. */
async function inTurn(runs) {
  const results = []
  for (const run of runs) results.push(await run())
  return results
}

/** Runs projects of Vitest; by default, the project with the name of the run. */
function runVitest(name, output, projects = [name]) {
  const report = join(reports, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const named = projects.flatMap((project) => ['--project', project])
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...named, ...reporters]
  return runTests(args, { env: process.env, output }, () => countVitest(readReport(report)))
}

/** Runs the browser tests: those with the tag `@full`, or those without. */
function runPlaywright() {
  const report = join(reports, 'playwright.json')
  return runTests(
    [
      'node_modules/@playwright/test/cli.js',
      'test',
      '--reporter=list,json',
      isRest ? '--grep' : '--grep-invert',
      '@full',
    ],
    { env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, output: 'inherit' },
    () => countPlaywright(readReport(report)),
  )
}

/**
 * Runs a test runner and counts its tests. Without a report, the result has no tests and the status 1; {@link summarize}
 * then adds a failure.
 */
async function runTests(args, options, count) {
  const status = await run(process.execPath, args, options).then(
    () => 0,
    () => 1,
  )
  try {
    return { ...count(), status }
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [], status: 1 }
  }
}

function readReport(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
