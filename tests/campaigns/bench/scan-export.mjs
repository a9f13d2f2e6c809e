// `node tests/campaigns/bench/scan-export.mjs FILE FOLDER`: scans an export, and prints the measurements as JSON.
import { loadTypeScript } from '../../../scripts/lib/typescript.mjs'

const { measure } = await loadTypeScript('tests/campaigns/bench/scan-export.ts')
const [file, folder] = process.argv.slice(2)
console.log(JSON.stringify(await measure(file, folder)))
