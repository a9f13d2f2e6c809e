// Bundles the Action into one readable CommonJS file for Auth0: dist/action.js. Auth0's Deploy CLI only reads its own folder, so
// there is a copy in auth0/actions/dist.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8'))

const bundle = await rolldown({
  input: here('action.ts'),
  cwd: here('..'),
  platform: 'node',
  transform: { target: 'node20' },
  tsconfig: false,
})
const { output } = await bundle.generate({ format: 'esm', comments: { jsdoc: true, annotation: false } })
await bundle.close()

// Auth0 runs CommonJS. The two replacements convert to it without a bundler's helpers, because the Action imports nothing.
const code = withFirstSentences(output[0].code)
  .replace(/^const (on\w+PostLogin) =/gm, 'exports.$1 =')
  .replace(/^export \{[^}]+\};?\s*$/m, '')

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

/**
 * Shortens each doc comment to its first sentence: an Action may have 100 kB, and all doc comments together have 50. The
 * bundler has already left out the other comments.
 */
function withFirstSentences(code) {
  return code.replace(/\/\*\*(.*?)\*\/\n/gs, (_comment, inner) => {
    const text = inner
      .replace(/^\s*\* ?/gm, '')
      .replace(/(^|\n)@.*/s, '')
      .replace(/\{@link (\S+?)(?: ([^}]+))?\}/g, (_link, name, words) => words ?? name)
      .replace(/\s+/g, ' ')
      .trim()
    const [sentence] = /^.*?\.(?= |$)/.exec(text) ?? [text]
    return sentence && `/** ${sentence} */\n`
  })
}
