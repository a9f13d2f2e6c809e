// Everything there is to test, from a bare clone: `npm test`. Nothing but what comes with node may be imported here
// before the dependencies are there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

const vitestReport = join(reports, 'vitest.json')
const playwrightReport = join(reports, 'playwright.json')
const counts = [
  await runTests(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ],
    {},
    vitestReport,
    countVitest,
  ),
  await runTests(
    ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    playwrightReport,
    countPlaywright,
  ),
]
const { line, passed } = summarize(counts)
console.log(line)
process.exitCode = passed ? 0 : 1

/** Runs one runner and reads its report; a runner that left none, or ended badly without a failure, failed. */
async function runTests(args, env, report, count) {
  const status = await run(process.execPath, args, { env: { ...process.env, ...env }, show: true }).then(
    () => 0,
    () => 1,
  )
  try {
    return { ...count(JSON.parse(readFileSync(report, 'utf8'))), status }
  } catch {
    return { passed: 0, failed: 0, skipped: 0, status: 1 }
  }
}
