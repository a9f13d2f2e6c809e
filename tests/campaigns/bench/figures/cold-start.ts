import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from '../../../../scripts/lib/options.mjs'
import { NEXT, ROOT } from '../../../../scripts/lib/paths.mjs'
import { type Findings, inTurns } from '../figure'
import { startServer } from '../servers'
import type { Stage } from '../stage'

const STARTS = 5

/** The cost of a new instance for its first visitor. */
export async function coldStart({ demo, floor, newLinks }: Stage): Promise<Findings> {
  const start = async (path: string, folder: string, env: Record<string, string>) => {
    const port = await freePort(0, false, '127.0.0.1')
    const begun = performance.now()
    const args = [NEXT, 'start', folder, '-H', '127.0.0.1', '-p', String(port)]
    const server = await startServer(`http://127.0.0.1:${port}${path}`, args, {
      ...env,
      NODE_ENV: 'production',
    })
    const ms = performance.now() - begun
    await server.close()
    return ms
  }
  const times = await inTurns(STARTS, {
    ours: async () =>
      start((await newLinks(1))[0]?.slice(demo.app.length) ?? '', ROOT, { ...demo.env, NODE_OPTIONS: '' }),
    empty: () => start('/empty', floor.folder, {}),
  })
  return {
    figures: [
      {
        name: 'from the start of the process to the first `/link` answered',
        ours: times.ours,
        unit: 'ms',
        other: { name: '`next start` of an empty app', value: times.empty },
        target: { of: 'ratio', most: 1.3 },
      },
      {
        name: 'size of what `/link` needs on a server',
        ours: traced(ROOT, 'link') / 1_000_000,
        unit: 'MB',
        other: { name: 'an empty route handler', value: traced(floor.folder, 'empty') / 1_000_000 },
        target: { of: 'ratio', most: 1.3 },
      },
    ],
  }
}

/** Bytes of the files that the build lists for a route. */
function traced(folder: string, route: string): number {
  const list = join(folder, '.next', 'server', 'app', route, 'route.js.nft.json')
  const { files } = JSON.parse(readFileSync(list, 'utf8')) as { files: string[] }
  return files
    .map((file) => join(dirname(list), file))
    .filter((file) => existsSync(file))
    .reduce((sum, file) => sum + statSync(file).size, 0)
}
