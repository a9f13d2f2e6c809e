import { spawn } from 'node:child_process'
import { ROOT } from './paths.mjs'

/**
 * Starts a program in the repository's root. It is killed when this process exits.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawnOwned(command, args, options) {
  const child = spawn(command, args, { cwd: ROOT, ...options })
  const kill = () => child.kill()
  process.once('exit', kill)
  child.once('close', () => process.off('exit', kill))
  return child
}
