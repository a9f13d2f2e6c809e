import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '../../../scripts/lib/options.mjs'
import { ROOT } from '../../../scripts/lib/paths.mjs'

/** Environment of a process with one core to itself, on systems that can assign cores. */
export const ON_ONE_CORE = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(ROOT, 'tests', 'campaigns', 'bench', 'probe.mjs')).href}`,
  PROBE_CORE: '0',
}

/** A probe inside a measured process. */
export interface Probe {
  /** Variables for the environment of that process. */
  env: Record<string, string>
  /** Memory in use after a garbage collection. */
  memory: () => Promise<NodeJS.MemoryUsage>
  /** Moves its clock ahead, in seconds. */
  ahead: (seconds: number) => Promise<void>
  /** Its full garbage collections so far, in milliseconds since the epoch. */
  collections: () => Promise<[begun: number, finished: number][]>
  /** A profile of the next milliseconds. */
  profile: (ms: number) => Promise<Profiler.Profile>
}

/** Creates a probe for one process at a time. */
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
