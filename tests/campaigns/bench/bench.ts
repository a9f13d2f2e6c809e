/**
 * The program behind `npm run bench`.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { Findings } from './figure'
import { action } from './figures/action'
import { calls } from './figures/calls'
import { coldStart } from './figures/cold-start'
import { growth } from './figures/growth'
import { memory } from './figures/memory'
import { prompt } from './figures/prompt'
import { settings } from './figures/settings'
import { throughput } from './figures/throughput'
import { tokens } from './figures/tokens'
import { type Report, tableOf, writeReport } from './report'
import { onStage, type Stage } from './stage'

const PARTS: Record<string, (stage: Stage) => Promise<Findings>> = {
  ...{ calls, tokens, action, prompt, throughput, memory, settings, 'cold-start': coldStart, growth },
}

/**
 * Measures, prints a table, and writes it to `docs/assurance/performance` where everything was measured.
 *
 * @param args - `--only PART` measures one part; it may be repeated.
 * @throws {Error} For a part that does not exist.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { only: { type: 'string', multiple: true } } })
  const wanted = values.only ?? Object.keys(PARTS)
  const unknown = wanted.find((name) => !PARTS[name])
  if (unknown)
    throw new Error(`--only: there is no part ${unknown}; there are ${Object.keys(PARTS).join(', ')}`)
  const begun = performance.now()
  const report = await onStage(async (stage) => {
    // The measured process has the first core to itself. On systems without `taskset` it competes with this process.
    spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)])
    const found: Report = { figures: [], curves: [], shares: [] }
    for (const name of wanted) {
      console.log(`${name} …`)
      const { figures = [], curves = [], shares = [] } = (await PARTS[name]?.(stage)) ?? {}
      found.figures.push(...figures)
      found.curves.push(...curves)
      found.shares.push(...shares)
    }
    return found
  })
  console.log(`\n${tableOf(report.figures)}`)
  if (!values.only) writeReport(report)
  console.log(`\n${Math.round((performance.now() - begun) / 1000)} s`)
}
