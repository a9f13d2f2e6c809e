// Checks what needs no test: format, lint and types, side by side (`npm run check:sources`). Only modules of Node itself may be
// imported before the dependencies are installed.
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

try {
  await ensureInstalled()
  await Promise.all(
    ['format:check', 'lint', 'typecheck'].map((script) => run(npm, ['run', '--silent', script])),
  )
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
