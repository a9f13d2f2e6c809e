import type { Findings } from '../figure'
import { ask, SPARE } from '../load'
import type { Stage } from '../stage'

const FEW = 1_000
const MANY = 100_000
/** How long the service remembers a used token, in seconds, and how long a count for a limit. */
const TOKEN_LIFE = 2 * 3600
const COUNT_LIFE = 60

/** The memory that unfinished flows leave in the process. */
export async function memory({ demo, newLinks, probe }: Stage): Promise<Findings> {
  await demo.crashApp()
  /** How far the clock of the process is ahead, in seconds. */
  let ahead = 0
  const open = async (count: number) => {
    const iat = Math.floor(Date.now() / 1000) + ahead
    const links = await newLinks(count + SPARE, { iat, exp: iat + 600 })
    await ask(
      demo.app,
      links.map((link) => ({ path: link.slice(demo.app.length) })),
      303,
    )
  }
  /** Bytes in use some time later. Opens one more flow first, at which the process deletes what has expired. */
  const inUse = async (secondsLater: number) => {
    ahead += secondsLater
    await probe.ahead(secondsLater)
    await open(1)
    const { heapUsed, external } = await probe.memory()
    return heapUsed + external
  }
  // Code that is loaded and compiled with the first requests does not count.
  await open(FEW)
  await inUse(TOKEN_LIFE + COUNT_LIFE)
  // `inUse` has opened one flow, and will open another one: with these it is `FEW` in all.
  await open(FEW - 2)
  const few = await inUse(COUNT_LIFE + 1)
  await open(MANY - FEW - 1)
  const many = await inUse(COUNT_LIFE + 1)
  const after = await inUse(TOKEN_LIFE)
  return {
    figures: [
      {
        name: `memory in use after ${MANY.toLocaleString('en')} flows that no one finishes, once their tokens' life has passed`,
        ours: after / 1_000_000,
        unit: 'MB',
        other: { name: `after ${FEW.toLocaleString('en')}`, value: few / 1_000_000 },
        target: { of: 'ratio', most: 1.1 },
      },
      {
        name: 'memory of one used token while it is remembered',
        ours: (many - few) / (MANY - FEW),
        unit: 'bytes',
        target: { of: 'ours', most: 200 },
      },
    ],
  }
}
