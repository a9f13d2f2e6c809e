import { readEnvFile, writeVariableFiles } from '../shared/env-file'
import type { Session } from './session'

/** The folder for the variables, one file each. It is below a folder that Vercel's command keeps out of git. */
const FOLDER = '.vercel/account-linking'

/**
 * With `--vercel`: writes the service's variables as `vercel env add` reads them, and prints the commands for it, so
 * that no value has to be typed or printed.
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
