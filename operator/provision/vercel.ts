import { readEnvFile, writeVariableFiles } from '../shared/env-file'
import type { Session } from './session'

/** The folder for the variables, one file each. It is inside `.vercel`, which Vercel's CLI keeps out of git. */
const FOLDER = '.vercel/account-linking'

/**
 * With `--vercel`: writes one file for each of the service's variables, and prints the `vercel env add` commands that read
 * them, so that no one has to type or see a value.
 *
 * @see {@link https://vercel.com/docs/cli/env vercel env}
 */
export function writeForVercel({ isForVercel, terminal, work }: Session): void {
  if (!isForVercel) return
  writeVariableFiles(FOLDER, readEnvFile(work.envFile))
  terminal.say(
    `The variables are in ${FOLDER}. To pass them to Vercel:`,
    `  for file in ${FOLDER}/*; do vercel env add "$(basename "$file")" production --force < "$file"; done`,
    `  rm -r ${FOLDER}`,
  )
}
