/**
 * The built Action, as it is deployed.
 * @module
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Builds the Action, and returns the path of the built file. */
export async function buildAction(): Promise<string> {
  await promisify(execFile)(process.execPath, [here('../../../action/build.mjs')])
  return here('../../../action/dist/action.js')
}
