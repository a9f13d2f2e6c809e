import { afterAll, describe, expect, inject, it, vi } from 'vitest'
import { attempt } from '../campaigns/attack/attack'
import { groupsOf, isRunnable, readCorpus, variantsOf } from '../campaigns/attack/corpus'
import { main } from '../campaigns/attack/main'
import { Targets } from '../campaigns/attack/targets'
import { commandsIn } from '../support/operator/documented-commands'

/**
 * Cases in which the call that links hangs, or its response is lost. We leave them out here, because each takes as long as
 * the Action waits for a response. `trouble.flow.test.ts` and `tests/action/built` test the same.
 */
const SLOW = ['D24', 'D24b', 'D24c']
/** Groups A (tokens) and D (answers). Plays the first variant of each case; `npm run attack` plays everything. */
const groups = groupsOf(readCorpus().filter(({ id }) => !SLOW.includes(id))).filter(({ name }) =>
  'AD'.includes(name),
)

describe.each(groups)('attacks of group $name', ({ cases }) => {
  const targets = new Targets()
  afterAll(() => targets.close())

  it.each(cases.filter(isRunnable))('$id $threat', async (one) => {
    const [variant] = variantsOf(one)
    expect(variant).toBeDefined()
    if (variant) await attempt(await targets.of(one), variant)
  })
})

describe('npm run attack', () => {
  it('plays one case of the corpus against a running demo', async () => {
    const [command] = commandsIn('CONTRIBUTING.md', 'npm run attack -- --only A32')
    const { app, tenant, tls, other, ca } = inject('flowDemo')
    const addresses = Object.entries({ base: app, tenant, tls, other, ca }).flatMap(([name, at]) => [
      `--${name}`,
      at,
    ])
    const said = vi.spyOn(console, 'log').mockReturnValue()
    vi.spyOn(console, 'table').mockReturnValue()
    expect(await main([...command.split(' ').slice(4), ...addresses])).toBe(true)
    expect(said.mock.lastCall?.[0]).toMatch(/^[1-9]\d* passed, 0 failed$/)
  })
})
