/**
 * Keeps two commands from changing accounts by one folder at the same time.
 * @module
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DuplicatesError } from './error'
import type { Folder } from './folder'

/** Times that a lock is tried for, if others that were killed have left theirs. */
const TRIES = 3

/**
 * Takes the lock of a folder. One that a killed process has left is taken over.
 *
 * @returns Opens it again.
 * @throws {DuplicatesError} `already_running`
 */
export function lockFolder({ path }: Pick<Folder, 'path'>): () => void {
  const file = join(path, 'lock')
  const own = join(path, `lock-${process.pid}`)
  // With its content before it has its name: no one reads an empty lock.
  writeFileSync(own, JSON.stringify({ host: hostname(), pid: process.pid }), { mode: 0o600 })
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (isLinked(own, file)) return () => rmSync(file, { force: true })
      if (!isLeft(file)) break
      moveAway(file, `${own}-left`)
    }
    throw new DuplicatesError('already_running', 'Another apply or undo works with this folder.')
  } finally {
    rmSync(own, { force: true })
  }
}

/** Gives a file a second name, unless another one has it. */
function isLinked(file: string, name: string): boolean {
  try {
    linkSync(file, name)
    return true
  } catch (error) {
    if (Object(error).code === 'EEXIST') return false
    throw error
  }
}

/** Takes a lock away that was left, and gives it back if it is another one by now. */
function moveAway(file: string, aside: string): void {
  try {
    renameSync(file, aside)
  } catch (error) {
    if (Object(error).code === 'ENOENT') return
    throw error
  }
  if (!isLeft(aside)) isLinked(aside, file)
  rmSync(aside, { force: true })
}

/** Whether the process that made a lock is gone. Of another machine that is not known. */
function isLeft(file: string): boolean {
  try {
    const { host, pid } = JSON.parse(readFileSync(file, 'utf8'))
    return host === hostname() && (pid === process.pid || !isRunning(pid))
  } catch (error) {
    return Object(error).code === 'ENOENT'
  }
}

/** Whether a process is there; one of another user is. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return Object(error).code === 'EPERM'
  }
}
