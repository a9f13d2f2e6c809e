/**
 * A folder in which commands run as in a clone of this repository, but without an operator's files.
 * @module
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/lib/paths.mjs'

const FILES = ['package.json', 'package-lock.json', '.npmrc', '.gitignore', 'biome.json', 'tsconfig.json']

/** How a command ended, and what it printed. */
export interface Ran {
  status: number | null
  out: string
  error: string
}

/** A folder with the files that `npm run` needs. Programs that find files by their own path use those of the repository. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), 'account-linking-clone-'))

  /** @param folders - Folders of the repository to link to, in addition to `node_modules`. */
  constructor(...folders: string[]) {
    for (const name of FILES) cpSync(join(ROOT, name), this.path(name))
    for (const name of ['node_modules', ...folders]) symlinkSync(join(ROOT, name), this.path(name))
  }

  path = (name: string) => join(this.folder, name)
  read = (name: string) => readFileSync(this.path(name), 'utf8')
  write = (name: string, text: string) => writeFileSync(this.path(name), text)

  /** Runs commands in a shell, as if someone typed them. */
  async type(commands: string): Promise<Ran> {
    const { PATH } = process.env
    const env = { PATH, HOME: this.folder, npm_config_update_notifier: 'false' }
    const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: this.folder,
      // Set no NODE_ENV, because a user's shell has none.
      env: env as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ran = { out: '', error: '' }
    child.stdout.on('data', (chunk) => {
      ran.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      ran.error += chunk
    })
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { status, ...ran }
  }

  /** Removes the folder. The files that it links to stay. */
  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
