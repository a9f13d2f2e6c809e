import { ensureBuilt } from '../../../scripts/lib/build.mjs'

/** Builds the Action, the tenant and the application before the first flow. */
export default (): Promise<void> => ensureBuilt()
