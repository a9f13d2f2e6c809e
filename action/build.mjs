// Bundles the Action into one readable CommonJS file for Auth0: dist/action.js. Auth0's Deploy CLI only reads its own folder, so
// there is a copy in auth0/actions/dist.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8'))

const { outputFiles } = await build({
  entryPoints: [here('action.ts')],
  bundle: true,
  write: false,
  minifyWhitespace: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
})

// Auth0 runs CommonJS. Two replacements convert to it without a bundler's helpers, because the Action imports nothing.
const code = outputFiles[0].text
  .replace(/var (on\w+PostLogin)=/g, 'exports.$1=')
  .replace(/export\{[^}]+\};?\s*$/, '')

mkdirSync(here('dist'), { recursive: true })
// Write a temporary file and rename it at the end, because a local tenant may be running the old one.
const file = here(`dist/.action-${process.pid}.js`)
const banner = `// Account linking for Auth0: post-login Action, ${version}\n`
writeFileSync(file, banner + code)
// Format it, because people read it in Auth0's editor, but compactly.
execFileSync(here('../node_modules/.bin/biome'), [
  'format',
  '--write',
  `--config-path=${here('dist-format.json')}`,
  file,
])
const deployed = here('../auth0/actions/dist')
mkdirSync(deployed, { recursive: true })
const copy = `${deployed}/.account-linking-${process.pid}.js`
copyFileSync(file, copy)
renameSync(copy, `${deployed}/account-linking.js`)
renameSync(file, here('dist/action.js'))
