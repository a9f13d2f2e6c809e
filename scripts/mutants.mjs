// `npm run mutants`, or for one folder `npm run mutants -- lib/link-flow/tokens`: mutation testing of the code that decides
// about links and tokens. Fails if more than a tenth of a folder's mutants survive the folder's own tests. The dependencies
// may not be installed yet, so import only what comes with Node.js until `ensureInstalled` is done.
import { ensureInstalled } from './lib/install.mjs'
import { ROOT } from './lib/paths.mjs'

const FOLDERS = ['core', 'lib/link-flow/tokens', 'lib/oidc', 'action']

const asked = process.argv.slice(2)
const unknown = asked.find((folder) => !FOLDERS.includes(folder))
if (unknown) {
  console.error(`There are no mutants of ${unknown}; there are of ${FOLDERS.join(', ')}.`)
  process.exit(1)
}
process.chdir(ROOT)
await ensureInstalled()
const { Stryker } = await import('@stryker-mutator/core')
// Folders run one after the other, because each has its own score. A score that is too low sets the exit code.
for (const folder of asked.length > 0 ? asked : FOLDERS) {
  console.log(`\nMutants of ${folder}`)
  const fileName = `reports/mutants/${folder.replaceAll('/', '-')}`
  await new Stryker({
    mutate: [`${folder}/**/*.ts`],
    vitest: { dir: folder === 'action' ? 'tests/action/units' : `tests/${folder}` },
    htmlReporter: { fileName: `${fileName}.html` },
    jsonReporter: { fileName: `${fileName}.json` },
  }).runMutationTest()
}
