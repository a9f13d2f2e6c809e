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
import { duplicates } from './figures/duplicates'
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

/** Parts that run before the servers start, because they use both cores. */
const ALONE: Record<string, (isFull: boolean) => Promise<Findings>> = { duplicates }

/**
 * Measures, and prints a table. If all parts were measured, also writes it to `docs/assurance/performance.md`.
 *
 * @param args - `--only PART` measures one part; it may be repeated. `--full` measures what takes minutes as well.
 * @throws {Error} For a part that does not exist.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { only: { type: 'string', multiple: true }, full: { type: 'boolean', default: false } },
  })
  const all = [...Object.keys(PARTS), ...Object.keys(ALONE)]
  const wanted = values.only ?? all
  const unknown = wanted.find((name) => !all.includes(name))
  if (unknown) throw new Error(`--only: there is no part ${unknown}; there are ${all.join(', ')}`)
  const begun = performance.now()
  const report: Report = { figures: [], curves: [], shares: [] }
  const add = async (name: string, work: Promise<Findings> | undefined) => {
    console.log(`${name} …`)
    const { figures = [], curves = [], shares = [] } = (await work) ?? {}
    // Print each part at once, so that its results are not lost if a later part fails.
    console.log(`${tableOf(figures)}\n`)
    report.figures.push(...figures)
    report.curves.push(...curves)
    report.shares.push(...shares)
  }
  for (const name of wanted) if (ALONE[name]) await add(name, ALONE[name](values.full))
  const onServers = wanted.filter((name) => PARTS[name])
  if (onServers.length > 0)
    await onStage(async (stage) => {
      // The measured process has the first core to itself. On systems without `taskset` it competes with this process.
      spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)])
      for (const name of onServers) await add(name, PARTS[name]?.(stage))
    })
  console.log(`\n${tableOf(report.figures)}`)
  if (!values.only) writeReport(report)
  console.log(`\n${Math.round((performance.now() - begun) / 1000)} s`)
}
