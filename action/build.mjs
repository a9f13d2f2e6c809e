// Bundles the Action into the one readable CommonJS file that is deployed to Auth0: dist/action.js. Auth0's Deploy CLI takes
// files of its own folder only, so there is a copy in auth0/actions/dist.
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

// CommonJS, which Auth0 runs, without the helpers of a general converter: the Action imports nothing.
const code = outputFiles[0].text
  .replace(/var (on\w+PostLogin)=/g, 'exports.$1=')
  .replace(/export\{[^}]+\};?\s*$/, '')

mkdirSync(here('dist'), { recursive: true })
// Moved in place when it is whole: a tenant may be running it.
const file = here(`dist/.action-${process.pid}.js`)
const banner = `// Account linking for Auth0: post-login Action, ${version}\n`
writeFileSync(file, banner + code)
// Readable, because people look at it in Auth0's editor, and compact.
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
