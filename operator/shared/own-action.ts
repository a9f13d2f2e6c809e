/**
 * Recognizes the Action that this project deploys, by its first line.
 * @module
 */
import type { ActualAction } from './actual'

/** The beginning of the built Action. */
const BANNER = '// Account linking for Auth0: post-login Action'

/** The version in the first line of our Action; undefined if the line names none. */
export function actionVersion(code: string): string | undefined {
  return /^, (\d+\.\d+\.\d+)$/m.exec(code.split('\n', 1)[0]?.split(BANNER)[1] ?? '')?.[1]
}

/** Whether an Action is the one that this project builds, of any version. */
export const isOurs = ({ code }: ActualAction) => code === '' || code.startsWith(BANNER)
