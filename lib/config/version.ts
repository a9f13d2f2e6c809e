import 'server-only'
import manifest from '../../package.json'

/** The version of this service. The built Action has its version in its first line. */
export const VERSION: string = manifest.version

/** The header in which `/healthz` reports the version to `npm run doctor`. Services before 0.2.0 do not send it. */
export const VERSION_HEADER = 'account-linking-version'
