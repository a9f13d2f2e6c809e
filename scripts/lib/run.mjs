import { spawnOwned } from './spawn-owned.mjs'

/**
 * Runs a program to its end, keeping its output to itself unless it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, show?: boolean }} [options] - `show` passes the output on as it comes.
 * @returns {Promise<void>}
 * @throws {Error} When it ends with another status than 0; the message holds what it printed.
 */
export async function run(command, args, { env = process.env, show = false } = {}) {
  const child = spawnOwned(command, args, { env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk
    })
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${output}`)
}
