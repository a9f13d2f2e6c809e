/**
 * The service's environment, as the service itself reads it.
 * @module
 */
import { createRequire } from 'node:module'
import { readEnvFile, type Variables } from '../shared/env-file'

// Its one CommonJS file names no exports that an import could find.
const require = createRequire(import.meta.url)
const { loadEnvConfig } = require('@next/env') as typeof import('@next/env')

const SILENT = { info: () => undefined, error: () => undefined }

/**
 * Reads the variables as `next start` would in a folder, or those of one file; the process's own are stronger.
 *
 * @param folder - Where `.env.local` and its like are.
 * @param file - Read in their place.
 * @see {@link https://nextjs.org/docs/app/guides/environment-variables Environment variables}
 */
export function readEnvironment(folder: string, file: string | undefined): Variables {
  const all =
    file === undefined
      ? loadEnvConfig(folder, false, SILENT).combinedEnv
      : { ...readEnvFile(file), ...process.env }
  const set = Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return Object.fromEntries(set)
}
