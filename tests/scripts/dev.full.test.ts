import { afterEach, describe, expect, it } from 'vitest'
import { ANY_PORTS, type RunningDemo, startDemo, statusAt, TEST_TIMEOUT_MS } from './a-demo'

let dev: RunningDemo | undefined
afterEach(() => {
  dev?.child.kill('SIGKILL')
})

describe('npm run dev', () => {
  it(
    'starts the app with next dev, unless one already runs in this clone',
    async () => {
      dev = startDemo('--dev', ...ANY_PORTS)
      const [app] = await dev.ready().catch(() => [])
      if (app === undefined) expect(dev.output()).toContain('server is already running')
      else expect(await statusAt(`${app}/healthz`)).toBe(200)
      dev.child.kill('SIGTERM')
      await dev.ended
    },
    TEST_TIMEOUT_MS,
  )
})
