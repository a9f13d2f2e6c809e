import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Finds a program that is installed: on the PATH, then in the places given.
 *
 * @param {string[]} names
 * @param {string[]} places - Folders.
 * @param {NodeJS.ProcessEnv} env - Its PATH.
 * @returns {string | undefined} Its path.
 */
export function findProgram(names, places, env) {
  const folders = [...(env.PATH ?? '').split(delimiter), ...places].filter(Boolean)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
}
