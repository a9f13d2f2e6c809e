// Everything there is to test, from a bare clone: `npm test`. Nothing but what comes with node may be imported here
// before the dependencies are there.
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureRedis } from './lib/redis.mjs'
import { countPlaywright, countVitest, summarize } from './lib/test-report.mjs'
import { run } from './lib/run.mjs'

const reports = mkdtempSync(join(tmpdir(), 'account-linking-tests-'))
process.once('exit', () => rmSync(reports, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

try {
  await ensureInstalled()
  await ensureChromium()
  await ensureRedis()
  await ensureBuilt()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

const units = await runVitest('units', 'inherit')
// These two at once: much of either is waiting for a page. What the second one prints is shown when the first is done.
const playwrightReport = join(reports, 'playwright.json')
const playwrightOutput = join(reports, 'playwright.txt')
const playwright = runTests(
  ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
  { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
  openSync(playwrightOutput, 'w'),
  () => countPlaywright(readReport(playwrightReport)),
)
const flows = await runVitest('flows', 'inherit')
const counts = [units, flows, await playwright]
process.stdout.write(readFileSync(playwrightOutput))
const { line, passed } = summarize(counts)
console.log(line)
process.exitCode = passed ? 0 : 1

function runVitest(project, output) {
  const report = join(reports, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return runTests(
    ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters],
    {},
    output,
    () => countVitest(readReport(report)),
  )
}

/** Runs one runner and counts; a runner that left no report, or ended badly without a failure, failed. */
async function runTests(args, env, output, count) {
  const status = await run(process.execPath, args, { env: { ...process.env, ...env }, output }).then(
    () => 0,
    () => 1,
  )
  try {
    return { ...count(), status }
  } catch {
    return { passed: 0, failed: 0, skipped: 0, status: 1 }
  }
}

function readReport(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
