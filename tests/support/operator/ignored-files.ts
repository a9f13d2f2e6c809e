import { execFileSync } from 'node:child_process'
import { ROOT } from '../../../scripts/lib/paths.mjs'

/** Whether git ignores a file, by its path from the root. */
export function isIgnored(file: string): boolean {
  try {
    execFileSync('git', ['check-ignore', '--no-index', '--quiet', file], { cwd: ROOT })
    return true
  } catch {
    return false
  }
}
