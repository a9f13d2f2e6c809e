import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ANY_PORTS, type RunningDemo, startDemo, statusAt, TEST_TIMEOUT_MS } from './a-demo'

/** The printed hint with the address of the example application. */
const EXAMPLE = /^ +4\. (\S+)/m

let demo: RunningDemo | undefined
afterEach(() => {
  demo?.child.kill('SIGKILL')
})

describe('npm run demo', () => {
  it(
    'prints all addresses when everything answers, and leaves nothing behind when it ends',
    async () => {
      const running = startDemo('--example', ...ANY_PORTS)
      demo = running
      const [app = '', tenant = '', tls = '', other = '', ca = ''] = await running.ready()
      expect(tls).toMatch(/^https:\/\/localhost:\d+$/)
      expect(existsSync(ca)).toBe(true)
      // The command prints the hints after the line `READY`.
      await expect.poll(running.output).toMatch(EXAMPLE)
      const [, example] = EXAMPLE.exec(running.output()) ?? []
      const urls = [`${app}/healthz`, `${tenant}/.well-known/openid-configuration`, `${other}/`, `${example}`]
      expect(await Promise.all(urls.map(statusAt))).toEqual([200, 200, 200, 200])

      running.child.kill('SIGTERM')
      expect(await running.ended).toBe(0)
      expect(await Promise.all(urls.map(statusAt))).toEqual([undefined, undefined, undefined, undefined])
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
