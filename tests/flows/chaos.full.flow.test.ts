import { expect, it } from 'vitest'
import { format } from '../campaigns/chaos/schedule'
import { playSeeds } from '../campaigns/chaos/seeds'

const SEED = 20_261_124
/** The number of schedules. `npm run check:full` plays 500. */
const COUNT = 12
/** Time limit in milliseconds. It is long, because shrinking a failing schedule takes long. */
const LIMIT = 300_000

it(`no invariant breaks in ${COUNT} random schedules of faults, from seed ${SEED} on`, {
  timeout: LIMIT,
}, async () => {
  console.log(`npm run chaos -- --seeds ${COUNT} --seed ${SEED}`)
  const broken = await playSeeds(SEED, COUNT, 2)
  const found = broken.map(
    ({ seed, schedule, problems }) => `seed ${seed} ${format(schedule)} ${problems.join('; ')}`,
  )
  expect(found).toEqual([])
})
