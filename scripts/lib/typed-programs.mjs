import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/** What the documents have people type, beside what comes with Node.js and with every system. */
const PROGRAMS = ['curl', 'openssl']

const missing = () => PROGRAMS.filter((name) => !findProgram([name], ['/usr/bin'], process.env))

/**
 * Makes sure there are the programs that the documents' commands call: finds them, or installs them where that needs no
 * question (root on Debian).
 *
 * @throws {Error} Where one is missing and could not be installed; the message names it.
 */
export async function ensureTypedPrograms() {
  for (const name of missing()) await aptInstall(name)
  if (missing().length > 0)
    throw new Error(
      `The tests of what the documents have you type need ${missing().join(' and ')}: install it.`,
    )
}
