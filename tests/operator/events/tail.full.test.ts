import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEventStream, EVENT_STREAM } from '@/lib/events/event-stream'
import { startRedis } from '../../support/flow/redis'
import { commandsIn } from '../../support/operator/documented-commands'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { startTail } from './a-tail'

const redis = await startRedis()
afterAll(redis.stop)
const ENVIRONMENT = { REDIS_URL: redis.url }
const append = createEventStream(redis.url, 'https://accounts.example.com')
const running: ReturnType<typeof startTail>[] = []
const start = (args: string[], env: Record<string, string> = ENVIRONMENT) => {
  const tail = startTail(args, env)
  running.push(tail)
  return tail
}

beforeEach(async () => {
  forgetProcessMemory('redis-connection')
  await redis.empty()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((tail) => tail.end('SIGKILL')))
})

/** Appends events with these ids, as the service does. */
async function emit(...ids: string[]) {
  for (const id of ids)
    await append(id, {
      type: 'account.link_declined',
      timestamp: '2026-11-24T09:00:00.000Z',
      data: { user_id: 'auth0|ann', way: 'login' },
    })
}
const idsOf = (tail: ReturnType<typeof startTail>) => tail.lines().map(({ id }) => id)
const untilPrinted = (tail: ReturnType<typeof startTail>, ...ids: string[]) =>
  vi.waitFor(() => expect(idsOf(tail)).toEqual(ids), { timeout: 15_000, interval: 50 })

describe('npm run events -- tail', () => {
  it('prints the stored events, waits for new ones, and ends with status 0 at Ctrl-C', async () => {
    const [command] = commandsIn('docs/events.md', 'npm run events')
    const args = command.replace('npm run events -- ', '').split(' ')
    await emit('msg_1', 'msg_2')
    const tail = start(args)
    await untilPrinted(tail, 'msg_1', 'msg_2')
    await emit('msg_3')
    await untilPrinted(tail, 'msg_1', 'msg_2', 'msg_3')
    expect(tail.lines()[2]).toMatchObject({
      specversion: '1.0',
      type: 'com.example.accounts.account.link_declined',
      streamid: expect.stringMatching(/^\d+-\d+$/),
      data: { type: 'account.link_declined', data: { user_id: 'auth0|ann' } },
    })
    expect([await tail.end('SIGINT'), tail.output.stderr]).toEqual([0, ''])
  })

  it('continues after the last event that it read, even after a kill', async () => {
    await emit('msg_1', 'msg_2')
    const killed = start(['tail'])
    await untilPrinted(killed, 'msg_1', 'msg_2')
    await killed.end('SIGKILL')
    await emit('msg_3')
    const again = start(['tail', '--from', killed.lines().at(-1)?.streamid ?? ''])
    await untilPrinted(again, 'msg_3')
    expect(again.output.stderr).toBe('')
  })

  it('warns that events may be missing if Redis no longer has the last event that it read', async () => {
    await emit('msg_1', 'msg_2', 'msg_3')
    const first = start(['tail', '--no-follow'])
    await first.ended
    const client = await createClient({ url: redis.url }).connect()
    await client.xTrim(EVENT_STREAM.key, 'MAXLEN', 1)
    client.destroy()
    const again = start(['tail', '--no-follow', '--from', first.lines()[0]?.streamid ?? ''])
    expect(await again.ended).toBe(0)
    expect(idsOf(again)).toEqual(['msg_3'])
    expect(again.output.stderr).toMatch(/^events_missed: Event \d+-\d+ is not in the stream/)
  })

  it('continues by itself after a restart of Redis, with the events since then', async () => {
    await emit('msg_1')
    const tail = start(['tail'])
    await untilPrinted(tail, 'msg_1')
    await redis.kill()
    await vi.waitFor(() => expect(tail.output.stderr).toMatch(/^redis_unreachable: /), 10_000)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await redis.restart()
    forgetProcessMemory('redis-connection')
    await emit('msg_2')
    await untilPrinted(tail, 'msg_1', 'msg_2')
    // It says once that the connection is lost, and that this Redis came back without its data.
    expect(tail.output.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^redis_unreachable: /),
      expect.stringMatching(/^events_missed: /),
    ])
    expect(await tail.end('SIGTERM')).toBe(0)
  }, 60_000)

  it('continues after Redis hung', async () => {
    await emit('msg_1')
    const tail = start(['tail'])
    await untilPrinted(tail, 'msg_1')
    redis.pause()
    await vi.waitFor(() => expect(tail.output.stderr).toMatch(/^redis_unreachable: /), 20_000)
    redis.resume()
    forgetProcessMemory('redis-connection')
    await emit('msg_2')
    await untilPrinted(tail, 'msg_1', 'msg_2')
  }, 60_000)

  it('ends at once at Ctrl-C while a server accepts the connection but never answers', async () => {
    let isAsked = false
    const silent = createServer(() => {
      isAsked = true
    })
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const tail = start(['tail'], { REDIS_URL: `redis://:x@127.0.0.1:${port}` })
    await vi.waitFor(() => expect(isAsked).toBe(true), 10_000)
    const began = performance.now()
    expect([await tail.end('SIGINT'), tail.output.stderr]).toEqual([0, ''])
    expect(performance.now() - began).toBeLessThan(3_000)
    silent.close()
  })

  it('prints only new events with --from $', async () => {
    await emit('msg_1')
    const tail = start(['tail', '--from', '$'])
    // The command does not show when it is ready, so emit events until it prints one.
    await vi.waitFor(
      async () => {
        await emit('msg_2')
        expect(idsOf(tail)).toContain('msg_2')
      },
      { timeout: 15_000, interval: 200 },
    )
    expect(idsOf(tail)).not.toContain('msg_1')
  })

  it('ends after the last event with --no-follow, even if there are no events', async () => {
    const none = start(['tail', '--no-follow'])
    expect([await none.ended, none.output]).toEqual([0, { stdout: '', stderr: '' }])
    await emit(...Array.from({ length: 250 }, (_none, count) => `msg_${count}`))
    const all = start(['tail', '--no-follow'])
    expect(await all.ended).toBe(0)
    expect(idsOf(all)).toEqual(Array.from({ length: 250 }, (_none, count) => `msg_${count}`))
  })

  it('reads REDIS_URL from the file that --env names', async () => {
    await emit('msg_1')
    const file = join(tmpdir(), `events-${process.pid}.env`)
    writeFileSync(file, `REDIS_URL=${redis.url}\n`)
    const tail = start(['tail', '--no-follow', '--env', file], {})
    expect([await tail.ended, idsOf(tail)]).toEqual([0, ['msg_1']])
  })

  it('skips entries that are no events, and prints no escape sequences', async () => {
    const client = await createClient({ url: redis.url }).connect()
    await client.xAdd(EVENT_STREAM.key, '*', { event: 'not JSON' })
    await client.xAdd(EVENT_STREAM.key, '*', { other: '1' })
    const id = 'a\u001b[31m\u009b31m\u202eb'
    await client.xAdd(EVENT_STREAM.key, '*', { event: JSON.stringify({ id }) })
    client.destroy()
    const tail = start(['tail', '--no-follow'])
    expect([await tail.ended, idsOf(tail)]).toEqual([0, [id]])
    expect(tail.output.stdout).toMatch(/^[\x20-\x7e]*\n$/)
  })

  it('ends with status 0 if the reader of its output has gone', async () => {
    const tail = start(['tail'])
    tail.closeOutput()
    await vi.waitFor(
      async () => {
        await emit('msg_1')
        expect(await Promise.race([tail.ended, Promise.resolve('running')])).toBe(0)
      },
      { timeout: 15_000, interval: 200 },
    )
    expect(tail.output.stderr).toBe('')
  })

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['redis_not_configured', ['tail'], {}, /There is no REDIS_URL/],
    ['redis_not_configured', ['tail'], { REDIS_URL: 'http://canary@x' }, /is no URL of a Redis server/],
    ['redis_unreachable', ['tail'], { REDIS_URL: 'redis://:canary@127.0.0.1:1' }, /no connection/],
    [
      'redis_refused',
      ['tail'],
      { REDIS_URL: redis.url.replace('//', '//:canary@') },
      /refused with [A-Z]+\.$/,
    ],
    ['bad_arguments', ['tail', '--from', 'yesterday'], ENVIRONMENT, /--from takes/],
    ['bad_arguments', ['tail', '--type', 'x'], ENVIRONMENT, /Unknown option/],
    ['bad_arguments', ['tail', 'tail'], ENVIRONMENT, /npm run events -- tail/],
    ['bad_arguments', [], ENVIRONMENT, /npm run events -- tail/],
  ])('ends with %s for %j with %j', async (code, args, env, why) => {
    const tail = start(args, env)
    expect([await tail.ended, tail.output.stdout]).toEqual([3, ''])
    expect(tail.output.stderr.trim()).toMatch(why)
    expect(tail.output.stderr.startsWith(`${code}: `)).toBe(true)
    expect(tail.output.stderr).not.toContain('canary')
  })
})
