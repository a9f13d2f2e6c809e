import 'server-only'
import manifest from '../../package.json'

/** The version of what runs. The built Action has it in its first line. */
export const VERSION: string = manifest.version

/** The header by which `/healthz` says it, for `npm run doctor`. Services before 0.2.0 have none. */
export const VERSION_HEADER = 'account-linking-version'
