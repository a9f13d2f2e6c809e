/**
 * Reads the service's environment as the service itself does.
 * @module
 */
import { createRequire } from 'node:module'
import { readEnvFile, type Variables } from './env-file'

// `@next/env` is one CommonJS file, and an `import` cannot detect its exports.
const require = createRequire(import.meta.url)
const { loadEnvConfig } = require('@next/env') as typeof import('@next/env')

const SILENT_LOGGER = { info: () => undefined, error: () => undefined }

/**
 * Reads the variables that `next start` would read in a folder, or those in one file. The process's own variables take
 * precedence.
 *
 * @param folder - The folder with `.env.local` and similar files.
 * @param file - Path of a file to read instead of those.
 * @see {@link https://nextjs.org/docs/app/guides/environment-variables Environment variables}
 */
export function readEnvironment(folder: string, file: string | undefined): Variables {
  const all =
    file === undefined
      ? loadEnvConfig(folder, false, SILENT_LOGGER).combinedEnv
      : { ...readEnvFile(file), ...process.env }
  const set = Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return Object.fromEntries(set)
}
