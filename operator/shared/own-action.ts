/**
 * Recognizes the Action that this project deploys, by its first line.
 * @module
 */
import type { ActualAction } from './actual'

/** How the built Action's first line begins. */
const BANNER = '// Account linking for Auth0: post-login Action'

/** The version in the first line of our Action; undefined if the line has none. */
export function actionVersion(code: string): string | undefined {
  return /^, (\d+\.\d+\.\d+)$/m.exec(code.split('\n', 1)[0]?.split(BANNER)[1] ?? '')?.[1]
}

/** Whether an Action is any version of the one that this project builds, or has no code yet. */
export const isOurs = ({ code }: ActualAction) => code === '' || code.startsWith(BANNER)
