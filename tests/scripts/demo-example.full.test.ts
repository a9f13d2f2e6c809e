import { afterEach, expect, it } from 'vitest'
import { ANY_PORTS, expectToEnd, type RunningDemo, startDemo, TEST_TIMEOUT_MS } from './a-demo'

/** The printed hint with the address of the example application. */
const EXAMPLE = /^ +4\. (\S+)/m

let demo: RunningDemo | undefined
afterEach(() => {
  demo?.child.kill('SIGKILL')
})

it(
  'npm run demo -- --example also prints the address of the example, and ends it with the demo',
  async () => {
    demo = startDemo('--example', ...ANY_PORTS)
    await demo.ready()
    // The command prints the hints after the line `READY`.
    await expect.poll(demo.output).toMatch(EXAMPLE)
    const [, example = ''] = EXAMPLE.exec(demo.output()) ?? []
    await expectToEnd(demo, example)
  },
  TEST_TIMEOUT_MS,
)
