// `npm run mutate-tokens`: tries mutated tokens on all code that verifies tokens. The dependencies may not be installed
// yet, so import only what comes with Node.js until `ensureInstalled` is done.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { loadTypeScript } from './lib/typescript.mjs'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

try {
  const { count, seed, http } = readOptions()
  await ensureInstalled()
  console.log(`seed ${seed}`)
  const { runMutants, p99 } = await loadTypeScript('tests/campaigns/token-mutation/run.ts')
  const { kinds, failures } = await runMutants(count, seed)
  console.log(`\n${table(kinds, p99)}\n`)
  for (const failure of failures) console.log(describe(failure, seed))
  const right = [...kinds.values()].reduce((total, kind) => total + kind.right, 0)
  const overHttp = http > 0 ? await runOverHttp(http, seed) : { passed: 0, failures: [] }
  const failed = count - right + overHttp.failures.length
  console.log(`${right + overHttp.passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' })
  const { values } = parseArgs({ options: { count: text, seed: text, http: text } })
  const number = (name, defaultValue) => {
    const value = Number(values[name] ?? defaultValue)
    if (Number.isSafeInteger(value) && value >= 0) return value
    throw new Error(`--${name} is not a whole number: ${values[name]}`)
  }
  return {
    count: number('count', 1_000_000),
    seed: number('seed', randomInt(2 ** 31)),
    http: number('http', 0),
  }
}

async function runOverHttp(count, seed) {
  await ensureBuilt()
  const http = await loadTypeScript('tests/campaigns/token-mutation/http.ts')
  const { passed, failures } = await http.runOverHttp(count, seed)
  for (const failure of failures) console.log(`over HTTP: ${failure}`)
  console.log(`over HTTP: ${passed} of ${count} refused as they should be\n`)
  return { passed, failures }
}

function table(kinds, p99) {
  const row = (name, ...cells) => name.padEnd(28) + cells.map((cell) => String(cell).padStart(10)).join('')
  const rows = [...kinds].map(([name, result]) => {
    const { right, accepted, refused, crashed, valid } = result
    const tokens = right + accepted + refused + crashed
    return row(name, tokens, valid, accepted, refused, crashed, p99(result).toFixed(2))
  })
  return [row('kind', 'tokens', 'valid', 'accepted', 'refused', 'crashed', 'p99 ms'), ...rows].join('\n')
}

function describe({ index, kind, what, door, finding, expected, actual, token }, seed) {
  const [due, got] = [expected, actual].map((verdict) => JSON.stringify(verdict))
  return `${finding}: seed ${seed}, index ${index}, ${kind}: ${what}\n  at ${door}: ${got} instead of ${due}\n  ${token}\n`
}
