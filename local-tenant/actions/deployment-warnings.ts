/**
 * Warnings about an Action that runs here with another Node.js version, or other packages, than it declares.
 * @module
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { StoredActionSource } from './stored-action'

/**
 * Compares the runtime and the dependencies that an Action declares with those that it gets. Every Action runs on this
 * machine's Node.js, with the packages that are installed here.
 *
 * @param source - The version of the Action that is being deployed.
 * @param node - The version of Node.js that runs Actions.
 * @returns A sentence for each difference.
 */
export function deploymentWarnings(
  { runtime, dependencies }: Pick<StoredActionSource, 'runtime' | 'dependencies'>,
  node = process.versions.node,
): string[] {
  const declared = /^node(\d+)/.exec(runtime)?.[1]
  const [major] = node.split('.')
  return [
    ...(declared === major ? [] : [`Its runtime is ${runtime}, but here it runs on Node.js ${node}.`]),
    ...dependencies.flatMap(({ name, version }) => {
      const installed = installedVersion(name)
      if (installed === undefined) return [`Its dependency ${name} ${version} is not installed here.`]
      if (['latest', installed].includes(version)) return []
      return [`Its dependency ${name} is ${version}, but here it gets ${installed}.`]
    }),
  ]
}

/** Returns the version of a package that `require` would find here, if any. */
function installedVersion(name: string): string | undefined {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      const { version }: { version?: unknown } = JSON.parse(
        readFileSync(join(folder, name, 'package.json'), 'utf8'),
      )
      if (typeof version === 'string') return version
    } catch {}
  }
  return undefined
}
