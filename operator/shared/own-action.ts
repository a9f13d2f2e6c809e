/**
 * How the Action that this project deploys is told from another one: by its first line.
 * @module
 */
import type { ActualAction } from './actual'

/** The beginning of the built Action. */
const BANNER = '// Account linking for Auth0: post-login Action'

/** The version that the first line of an Action of ours says; undefined if it says none. */
export function actionVersion(code: string): string | undefined {
  return /^, (\d+\.\d+\.\d+)$/m.exec(code.split('\n', 1)[0]?.split(BANNER)[1] ?? '')?.[1]
}

/** Whether an Action is the one that is built here, of whatever version. */
export const isOurs = ({ code }: ActualAction) => code === '' || code.startsWith(BANNER)
