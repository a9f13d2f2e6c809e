import { readEnvFile, writeVariableFiles } from '../shared/env-file'
import type { Session } from './session'

/** Where the variables are put, one file each: below a folder that Vercel's own command keeps out of git. */
const FOLDER = '.vercel/account-linking'

/**
 * With `--vercel`: writes the service's variables as `vercel env add` takes them, and says how to hand them over, so that
 * none of them is typed or printed.
 *
 * @see {@link https://vercel.com/docs/cli/env vercel env}
 */
export function writeForVercel({ isForVercel, terminal, work }: Session): void {
  if (!isForVercel) return
  writeVariableFiles(FOLDER, readEnvFile(work.envFile))
  terminal.say(
    `The variables are in ${FOLDER}. To hand them over:`,
    `  for file in ${FOLDER}/*; do vercel env add "$(basename "$file")" production --force < "$file"; done`,
    `  rm -r ${FOLDER}`,
  )
}
