// `node tests/campaigns/bench/scan-export.mjs FILE FOLDER`: scans an export in a process of its own, and prints what was measured.
import { loadTypeScript } from '../../../scripts/lib/typescript.mjs'

const { measure } = await loadTypeScript('tests/campaigns/bench/scan-export.ts')
const [file, folder] = process.argv.slice(2)
console.log(JSON.stringify(await measure(file, folder)))
