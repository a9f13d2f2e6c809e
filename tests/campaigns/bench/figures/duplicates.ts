import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../../../scripts/lib/paths.mjs'
import type { Curve, Figure, Findings } from '../figure'
import { median } from '../figure'
import { makeExport } from '../make-export'
import type { Measured } from '../scan-export'
import { apply } from './apply'

const run = promisify(execFile)
const MILLION = 1_000_000
/** Resident memory that the command may take, in MB. */
const MAX_MEMORY_MB = 1_000

/** What the scan of an export of one size costs. */
interface Cost extends Measured {
  /** `zcat FILE | wc -c`, in milliseconds. */
  zcat: number
  size: number
}

/**
 * What it costs to scan an export, compared with unpacking it, and to link pairs, compared with a link at a login.
 *
 * @param isFull - Whether ten million users are scanned as well; that takes minutes.
 */
export async function duplicates(isFull: boolean): Promise<Findings> {
  const { figures, curves } = await scan(isFull)
  return { figures: [...figures, ...(await apply())], curves }
}

async function scan(isFull: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-bench-'))
  try {
    const one = await costOf(folder, MILLION, 3)
    const ten = isFull ? await costOf(folder, 10 * MILLION, 1) : undefined
    return {
      figures: [
        ...figuresOf(one, '1 M users'),
        ...(ten ? [growthOf(one, ten), ...figuresOf(ten, '10 M users')] : []),
      ],
      curves: ten ? [curveOf([one, ten])] : [],
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Scans and unpacks in turns, each time in a new process. The first turn warms the caches and does not count. */
async function costOf(folder: string, size: number, turns: number): Promise<Cost> {
  const file = join(folder, `${size}.ndjson.gz`)
  const made = await makeExport(file, size)
  const scans: Measured[] = []
  const unpacked: number[] = []
  for (let turn = 0; turn <= turns; turn += 1) {
    const begun = performance.now()
    await run('sh', ['-c', 'zcat "$1" | wc -c', 'sh', file])
    const zcat = performance.now() - begun
    const { stdout } = await run(process.execPath, [
      join(ROOT, 'tests/campaigns/bench/scan-export.mjs'),
      file,
      join(folder, 'out'),
    ])
    const measured: Measured = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    if (measured.groups !== made.groups) throw new Error(`${measured.groups} groups, not ${made.groups}`)
    if (turn === 0) continue
    unpacked.push(zcat)
    scans.push(measured)
  }
  rmSync(file)
  const of = (name: keyof Measured) => median(scans.map((scan) => scan[name]))
  return {
    size,
    zcat: median(unpacked),
    find: of('find'),
    all: of('all'),
    memory: of('memory'),
    groups: made.groups,
  }
}

function figuresOf({ find, all, zcat, memory }: Cost, users: string): Figure[] {
  const other = { name: 'unpacking it with `zcat`', value: zcat / 1000 }
  return [
    {
      name: `finding the addresses of several accounts in an export of ${users}`,
      ...{ ours: find / 1000, unit: 's', other },
      target: { of: 'ratio', most: 1.5 },
    },
    {
      name: 'all of `duplicates scan`: the same, every line checked, accounts kept, decided and reported',
      ...{ ours: all / 1000, unit: 's', other },
      target: { of: 'ratio', most: 3 },
    },
    {
      name: 'the most memory that it takes',
      ...{ ours: memory / MILLION, unit: 'MB' },
      target: { of: 'ours', most: MAX_MEMORY_MB },
    },
  ]
}

const growthOf = (one: Cost, ten: Cost): Figure => ({
  name: '`duplicates scan` of 10 M users',
  ...{ ours: ten.all / 1000, unit: 's', other: { name: 'of 1 M', value: one.all / 1000 } },
  target: { of: 'ratio', most: 11 },
})

const curveOf = (costs: Cost[]): Curve => ({
  ...{ name: '`duplicates scan`', of: 'users', unit: 's' },
  points: costs.map(({ size, all }) => [size, all / 1000]),
})
