import { spawnOwned } from './spawn-owned.mjs'

/**
 * Runs a program to its end, keeping its output to itself unless it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, output?: 'inherit' | number }} [options] - Where the output goes as it comes: to the
 *   terminal, or to an open file.
 * @returns {Promise<void>}
 * @throws {Error} When it ends with another status than 0; the message holds what it printed.
 */
export async function run(command, args, { env = process.env, output = 'pipe' } = {}) {
  const child = spawnOwned(command, args, { env, stdio: ['ignore', output, output] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      printed += chunk
    })
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${printed}`)
}
