/**
 * Runs `vercel build` on a build of this repository, without an account or a network, and reads the resulting functions.
 * @module
 */
import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { ensureBuilt } from '../../../scripts/lib/build.mjs'
import { ROOT } from '../../../scripts/lib/paths.mjs'

/** A function of the deployment. */
export interface BuiltFunction {
  /** Path of the function's folder. Two functions with the same path are the same function. */
  place: string
  /** Longest run, in seconds. */
  maxDuration: number | undefined
  /** The runtime, such as `nodejs24.x`. */
  runtime: string
  /** Bytes of all its files, except those with sentences, because a request loads only one language. */
  size: number
  /** Packages whose code is in the function's bundles. */
  packages: Set<string>
  /** Packages that it contains unbundled, as installed in `node_modules`. */
  carried: Set<string>
}

/** A build to examine. */
export interface VercelBuild {
  /** The function for a path such as `link`. */
  functionOf: (path: string) => BuiltFunction
  /** Deletes the build. */
  remove: () => void
}

/** A separate folder, because the files of Vercel's command would disturb tests that run at the same time. */
const FOLDER = join(ROOT, 'reports', 'vercel')
const SOURCES = ['.next', 'app', 'next.config.js', 'package.json', 'package-lock.json', 'vercel.json']
/** Folders of a build that Vercel does not deploy. */
const NOT_OUTPUT = /\.next\/(cache|dev|standalone)$/
/** The Node.js version in the project's settings. */
export const PROJECT_NODE = '22.x'
/** Vercel's settings of a project. They install and build nothing, because that has been done already. */
const PROJECT = {
  projectId: 'prj_local',
  orgId: 'team_local',
  settings: { installCommand: '', buildCommand: 'true', nodeVersion: PROJECT_NODE },
}

/**
 * Runs `vercel build` on the current build.
 *
 * @throws {Error} If the command fails. The error's `stdout` and `stderr` contain its output.
 */
export async function vercelBuild(): Promise<VercelBuild> {
  const remove = () => rmSync(FOLDER, { recursive: true, force: true })
  remove()
  await ensureBuilt()
  for (const name of SOURCES)
    cpSync(join(ROOT, name), join(FOLDER, name), {
      recursive: true,
      filter: (path) => !NOT_OUTPUT.test(path),
    })
  symlinkSync(join(ROOT, 'node_modules'), join(FOLDER, 'node_modules'))
  const home = join(FOLDER, '.vercel')
  mkdirSync(home)
  writeFileSync(join(home, 'project.json'), JSON.stringify(PROJECT))
  const { PATH } = process.env
  const quiet = { NO_UPDATE_NOTIFIER: '1', VERCEL_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' }
  await promisify(execFile)(
    process.execPath,
    ['node_modules/vercel/dist/vc.js', 'build', '--yes', '--prod'],
    // Use an empty home folder, so that the command finds no account.
    { cwd: FOLDER, env: { PATH, HOME: home, NODE_ENV: 'production', ...quiet } },
  )
  return { functionOf, remove }
}

const FunctionConfig = z.object({
  maxDuration: z.number().optional(),
  runtime: z.string(),
  filePathMap: z.record(z.string(), z.string()),
})
const Sources = z.object({ sources: z.array(z.string()) })
const SourceMap = z.union([Sources, z.object({ sections: z.array(z.object({ map: Sources })) })])

function functionOf(path: string): BuiltFunction {
  const place = realpathSync(join(FOLDER, '.vercel', 'output', 'functions', `${path}.func`))
  const { maxDuration, runtime, filePathMap } = FunctionConfig.parse(readJson(join(place, '.vc-config.json')))
  const files = Object.values(filePathMap).map((file) => join(FOLDER, file))
  return {
    place,
    maxDuration,
    runtime,
    size: files
      .filter((file) => !/\/messages_[^/]*json[^/]*$/.test(file))
      .reduce((sum, file) => sum + statSync(file).size, 0),
    packages: new Set(files.flatMap(packagesOf)),
    carried: new Set(files.flatMap((file) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])),
  }
}

/** The packages in a bundle, from its source map. */
function packagesOf(file: string): string[] {
  if (!file.endsWith('.js') || !existsSync(`${file}.map`)) return []
  const map = SourceMap.parse(readJson(`${file}.map`))
  const sources = 'sources' in map ? map.sources : map.sections.flatMap((section) => section.map.sources)
  return sources.flatMap((source) => {
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(decodeURIComponent(source))?.[1]
    return name ? [name] : []
  })
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
