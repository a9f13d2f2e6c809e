/**
 * Reads the service's environment as the service itself does.
 * @module
 */
import { createRequire } from 'node:module'
import { readEnvFile, type Variables } from './env-file'

// The package is one CommonJS file, whose exports an `import` cannot detect.
const require = createRequire(import.meta.url)
const { loadEnvConfig } = require('@next/env') as typeof import('@next/env')

const SILENT_LOGGER = { info: () => undefined, error: () => undefined }

/**
 * Reads the variables as `next start` would in a folder, or those of one file. Variables of the process take
 * precedence.
 *
 * @param folder - The folder with `.env.local` and similar files.
 * @param file - If given, read instead of those files.
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
