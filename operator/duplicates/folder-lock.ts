/**
 * Keeps two commands from working with the same folder at the same time.
 * @module
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DuplicatesError } from './error'
import type { Folder } from './folder'

/** How many times to try to get the lock. It is tried again only after removing a lock that a killed process left. */
const TRIES = 3

/**
 * Locks a folder. A lock that a killed process has left is removed first.
 *
 * @returns A function that releases the lock.
 * @throws {DuplicatesError} `already_running`
 */
export function lockFolder({ path }: Pick<Folder, 'path'>): () => void {
  const file = join(path, 'lock')
  const own = join(path, `lock-${process.pid}`)
  // The file gets its content under another name first, so that no other process reads an empty lock.
  writeFileSync(own, JSON.stringify({ host: hostname(), pid: process.pid }), { mode: 0o600 })
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tryHardLink(own, file)) return () => rmSync(file, { force: true })
      if (!isLeft(file)) break
      moveAway(file, `${own}-left`)
    }
    throw new DuplicatesError('already_running', 'Another command works with this folder.')
  } finally {
    rmSync(own, { force: true })
  }
}

/** Gives a file a second name. Returns false if another file already has that name. */
function tryHardLink(file: string, name: string): boolean {
  try {
    linkSync(file, name)
    return true
  } catch (error) {
    if (Object(error).code === 'EEXIST') return false
    throw error
  }
}

/** Removes a lock that a killed process left. If another process has locked the folder since, its lock is put back. */
function moveAway(file: string, aside: string): void {
  try {
    renameSync(file, aside)
  } catch (error) {
    if (Object(error).code === 'ENOENT') return
    throw error
  }
  if (!isLeft(aside)) tryHardLink(aside, file)
  rmSync(aside, { force: true })
}

/** Whether the process that made a lock has ended. A lock of another machine cannot be checked: it counts as in use. */
function isLeft(file: string): boolean {
  try {
    const { host, pid } = JSON.parse(readFileSync(file, 'utf8'))
    return host === hostname() && (pid === process.pid || !isRunning(pid))
  } catch (error) {
    return Object(error).code === 'ENOENT'
  }
}

/** Whether a process runs. `EPERM` means that it runs as another user. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return Object(error).code === 'EPERM'
  }
}
