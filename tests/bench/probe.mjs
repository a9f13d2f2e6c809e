// Preloaded into a process that is measured: keeps it on one core, and answers on a port of its own how much memory is in
// use, what the time is spent on and when garbage was collected. Its clock can be put ahead.
import { spawnSync } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import { devNull } from 'node:os'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const { PROBE_PORT, PROBE_CORE } = process.env

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

// Where there is no such program the process goes where it likes.
if (PROBE_CORE) spawnSync('taskset', ['-a', '-c', '-p', PROBE_CORE, String(process.pid)])

// The log is written, but not to the pipe that whoever makes the load reads when there is time.
const sink = openSync(devNull, 'w')
process.stdout.write = (chunk) => writeSync(sink, chunk) > 0

// A full collection is begun, goes on beside the program and at its cost, and is finished.
const { NODE_PERFORMANCE_GC_INCREMENTAL: BEGUN, NODE_PERFORMANCE_GC_MAJOR: FINISHED } = constants
const collections = []
let begun
new PerformanceObserver((list) => {
  for (const { startTime, duration, detail } of list.getEntries()) {
    const start = performance.timeOrigin + startTime
    if (detail.kind === BEGUN) begun ??= start
    if (detail.kind !== FINISHED) continue
    collections.push([begun ?? start, start + duration])
    begun = undefined
  }
}).observe({ entryTypes: ['gc'] })

const answers = {
  '/collections': () => collections,
  '/memory': () => {
    collect()
    collect()
    return process.memoryUsage()
  },
  '/clock': (query) => {
    const { now } = Date
    Date.now = () => now() + Number(query.get('ahead')) * 1000
    return {}
  },
  '/profile': async (query) => {
    const session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    await sleep(Number(query.get('ms')))
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    return profile
  },
}

if (PROBE_PORT)
  createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    response.end(JSON.stringify(await answers[pathname](searchParams)))
  })
    .listen(Number(PROBE_PORT), '127.0.0.1')
    .unref()
