// Everything that has to hold before a change is merged: `npm run check`. Format, lint and types are checked beside the tests,
// which wait much; the tests' count comes last. Only modules of Node itself may be imported before the dependencies are installed.
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

try {
  await ensureInstalled()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
const sources = checkSources()
const tests = run(process.execPath, ['scripts/test.mjs'], { output: 'inherit' }).then(
  () => true,
  () => false,
)
process.exitCode = (await Promise.all([sources, tests])).every(Boolean) ? 0 : 1

/** Checks what needs no test. Prints what is wrong as soon as it is known. */
async function checkSources() {
  for (const script of ['format:check', 'lint', 'typecheck'])
    try {
      await run(npm, ['run', '--silent', script])
    } catch (error) {
      console.error(error.message)
      return false
    }
  return true
}
