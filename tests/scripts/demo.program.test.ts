import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ANY_PORTS, expectToEnd, type RunningDemo, startDemo, TEST_TIMEOUT_MS } from './a-demo'

let demo: RunningDemo | undefined
afterEach(() => {
  demo?.child.kill('SIGKILL')
})

describe('npm run demo', () => {
  it(
    'prints all addresses when everything answers, and leaves nothing behind when it ends',
    async () => {
      demo = startDemo(...ANY_PORTS)
      const [, , tls = '', , ca = ''] = await demo.ready()
      expect(tls).toMatch(/^https:\/\/localhost:\d+$/)
      expect(existsSync(ca)).toBe(true)
      await expectToEnd(demo)
      expect(existsSync(ca)).toBe(false)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'names a port that was asked for and is taken',
    async () => {
      const server = createServer()
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address()
          resolve(typeof address === 'object' && address ? address.port : 0)
        })
      })
      demo = startDemo(...ANY_PORTS, '--app-port', String(port))
      const status = await demo.ended
      server.close()
      expect(status).toBe(1)
      expect(demo.output()).toContain(String(port))
      expect(demo.output()).not.toContain('READY')
    },
    TEST_TIMEOUT_MS,
  )
})
