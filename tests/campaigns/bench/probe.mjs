// Preloaded into a measured process. Keeps it on one core, and serves on a separate port its memory in use, a profile
// of its time, and the times of garbage collections. Its clock can be moved ahead.
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

// On systems without `taskset`, the process runs on any core.
if (PROBE_CORE) spawnSync('taskset', ['-a', '-c', '-p', PROBE_CORE, String(process.pid)])

// Write the log to the null device, because the process that would read it from a pipe is busy making the load.
const sink = openSync(devNull, 'w')
process.stdout.write = (chunk) => writeSync(sink, chunk) > 0

// A full collection lasts from its first incremental step to its end. In between it runs beside the program and slows it.
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
