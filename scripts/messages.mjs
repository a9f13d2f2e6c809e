// Writes `messages/en.d.json.ts`, from which the compiler knows each sentence and its arguments: `npm run messages`. With `--check` it
// only says whether the file is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './lib/paths.mjs'

const target = join(ROOT, 'messages/en.d.json.ts')
const messages = readFileSync(join(ROOT, 'messages/en.json'), 'utf8').trimEnd()
const declaration = `// Written by \`npm run messages\` from en.json.
declare const messages: ${messages}
export default messages
`

if (!process.argv.includes('--check')) writeFileSync(target, declaration)
else if (readFileSync(target, 'utf8') !== declaration) {
  console.error('messages/en.d.json.ts is out of date: npm run messages')
  process.exit(1)
}
