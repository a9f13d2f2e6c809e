import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the repository's root. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The program that starts Next.js. Node runs it directly, without a shell in between. */
export const NEXT = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next')

/** Paths of the built Action and the built tenant, relative to the root. */
export const ACTION = 'action/dist/action.js'
export const TENANT = 'local-tenant/dist/start.js'
