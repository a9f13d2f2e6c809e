/**
 * Runs `npm run events -- tail` as a child process.
 * @module
 */
import { join } from 'node:path'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'
import { NO_ENVIRONMENT } from '../worker/a-worker'

const RUN = join(process.cwd(), 'scripts', 'run.mjs')

/** A line that the command printed. */
export interface TailLine {
  id: string
  type: string
  streamid: string
  data: { type: string; data: Record<string, unknown> }
}

/**
 * Starts the command, without files of an environment.
 *
 * @param args - The arguments after the program's name.
 * @param env - The whole environment, apart from `PATH`.
 */
export function startTail(args: string[], env: Record<string, string>) {
  const command = spawnOwned(process.execPath, [RUN, 'events', ...args], {
    cwd: NO_ENVIRONMENT,
    env: { ...env, PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => command.once('close', resolve))
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    command[name]?.on('data', (chunk) => {
      output[name] += chunk
    })
  return {
    output,
    /** Resolves to the exit status. */
    ended,
    /** The lines that were printed so far. */
    lines: (): TailLine[] =>
      output.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    async end(signal: 'SIGINT' | 'SIGKILL' | 'SIGTERM') {
      command.kill(signal)
      return ended
    },
    /** Closes the pipe that the command prints to, as `head` does. */
    closeOutput: () => void command.stdout?.destroy(),
  }
}
