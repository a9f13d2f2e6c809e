// Writes what the compiler knows of the files in `messages/`: `npm run messages`. With `--check` it only says whether that is up to
// date. `en.d.json.ts` has each English sentence with its arguments, `languages.ts` loads the file of a language.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './lib/paths.mjs'

const folder = join(ROOT, 'messages')
const read = (name) => readFileSync(join(folder, name), 'utf8')
const tags = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort()
const nameOf = (tag) => (/^[a-z]+$/.test(tag) ? tag : `'${tag}'`)

const written = {
  'en.d.json.ts': `// Written by \`npm run messages\` from en.json.
declare const messages: ${read('en.json').trimEnd()}
export default messages
`,
  'languages.ts': `// Written by \`npm run messages\` from the files of this folder.

/** Loads the sentences of a language, by its tag. */
export const LANGUAGE_FILES = {
${tags.map((tag) => `  ${nameOf(tag)}: () => import('./${tag}.json'),\n`).join('')}}
`,
}

for (const [name, text] of Object.entries(written)) {
  if (!process.argv.includes('--check')) writeFileSync(join(folder, name), text)
  else if (read(name) !== text) {
    console.error(`messages/${name} is out of date: npm run messages`)
    process.exitCode = 1
  }
}
