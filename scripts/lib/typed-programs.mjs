import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/** The programs that commands in the documents use and that come neither with Node.js nor with every system. */
const PROGRAMS = ['curl', 'openssl']

const missing = () => PROGRAMS.filter((name) => !findProgram([name], ['/usr/bin'], process.env))

/**
 * Makes sure that the programs in the documents' commands are available: finds them, or installs them if that is possible
 * without a question (as root on Debian).
 *
 * @throws {Error} If one is missing and could not be installed; the message names it.
 */
export async function ensureTypedPrograms() {
  for (const name of missing()) await aptInstall(name)
  if (missing().length > 0)
    throw new Error(
      `The tests of the documents' commands need ${missing().join(' and ')}. Please install it.`,
    )
}
