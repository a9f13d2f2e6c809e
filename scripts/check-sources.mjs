// `npm run check:sources` checks format, lint and types at the same time. The dependencies may not be installed yet, so
// import only what comes with Node.js until `ensureInstalled` is done.
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
