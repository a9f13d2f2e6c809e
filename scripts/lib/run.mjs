import { spawnOwned } from './spawn-owned.mjs'

/**
 * Runs a program until it ends, and shows its output only if it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, output?: 'inherit' | number }} [options] - `output` sends the output at once to
 *   the terminal, or to an open file by its descriptor.
 * @returns {Promise<void>}
 * @throws {Error} If the program ends with a status other than 0; the message contains what it printed.
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
