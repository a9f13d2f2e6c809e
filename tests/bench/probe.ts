import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '../../scripts/lib/options.mjs'
import { ROOT } from '../../scripts/lib/paths.mjs'

/** Environment of a process that has one core to itself, where the system can tell its cores apart. */
export const ON_ONE_CORE = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(ROOT, 'tests', 'bench', 'probe.mjs')).href}`,
  PROBE_CORE: '0',
}

/** The view into a process that is measured. */
export interface Probe {
  /** Goes into the environment of that process. */
  env: Record<string, string>
  /** Bytes in use once everything that nobody needs is gone. */
  memory: () => Promise<NodeJS.MemoryUsage>
  /** Puts its clock ahead, in seconds. */
  ahead: (seconds: number) => Promise<void>
  /** When it collected all of its garbage so far, in milliseconds since the epoch. */
  collections: () => Promise<[begun: number, finished: number][]>
  /** What it spends the next milliseconds on. */
  profile: (ms: number) => Promise<Profiler.Profile>
}

/** A probe for one process at a time. */
export async function newProbe(): Promise<Probe> {
  const port = await freePort(0, false, '127.0.0.1')
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json()
  return {
    env: { ...ON_ONE_CORE, PROBE_PORT: String(port) },
    memory: () => ask('/memory') as Promise<NodeJS.MemoryUsage>,
    ahead: async (seconds) => void (await ask(`/clock?ahead=${seconds}`)),
    collections: () => ask('/collections') as ReturnType<Probe['collections']>,
    profile: (ms) => ask(`/profile?ms=${ms}`) as Promise<Profiler.Profile>,
  }
}
