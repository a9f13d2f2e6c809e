import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Finds an installed program: on the PATH, then in the given folders.
 *
 * @param {string[]} names
 * @param {string[]} places - Folders.
 * @param {NodeJS.ProcessEnv} env - The environment whose PATH is searched.
 * @returns {string | undefined} Path of the program; undefined if it is not installed.
 */
export function findProgram(names, places, env) {
  const folders = [...(env.PATH ?? '').split(delimiter), ...places].filter(Boolean)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
}
