// `npm run messages` generates two TypeScript files in `messages/`: `en.d.json.ts` declares the English sentences with their
// arguments, and `languages.ts` loads the file of a language. Then it checks the files of all languages, or of those that
// are named: `npm run messages -- de`. With `--check` it writes nothing, and also reports generated files that are out of
// date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './lib/paths.mjs'
import { loadTypeScript } from './lib/typescript.mjs'

const folder = join(ROOT, 'messages')
const read = (name) => readFileSync(join(folder, name), 'utf8')
const tags = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort()
const [isCheck, named] = [
  process.argv.includes('--check'),
  process.argv.slice(2).filter((argument) => !argument.startsWith('--')),
]
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

const problems = []
for (const [name, text] of Object.entries(written)) {
  if (!isCheck) writeFileSync(join(folder, name), text)
  else if (read(name) !== text) problems.push(`messages/${name} is out of date: npm run messages`)
}

const { fileProblems } = await loadTypeScript('lib/messages/check-file.ts')
const english = JSON.parse(read('en.json'))
for (const tag of named.length > 0 ? named : tags) problems.push(...problemsOf(tag))

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else if (!isCheck) console.log(`${(named.length > 0 ? named : tags).join(', ')}: complete`)

function problemsOf(tag) {
  const name = `messages/${tag}.json`
  if (!tags.includes(tag)) return [`${name} is not there`]
  try {
    return fileProblems(tag, JSON.parse(read(`${tag}.json`)), english).map((problem) => `${name}: ${problem}`)
  } catch (error) {
    if (error instanceof SyntaxError) return [`${name}: ${error.message}`]
    throw error
  }
}
