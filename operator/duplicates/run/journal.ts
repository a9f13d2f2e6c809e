/**
 * The journal: what `apply`, `undo` and `ask` did, one step a line. Each line is on the disk before the next API call. After
 * a `kill -9`, the journal says which pairs are done and which were only begun.
 * @module
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { addLine, emptyState, type JournalLine, type JournalState, parseJournalLine } from './journal-state'

const CHUNK = 1 << 16

/** Reads the whole lines of a file. Returns the position after the last one, in bytes. */
function readLines(fd: number, each: (line: string) => void): number {
  const buffer = Buffer.alloc(CHUNK)
  let rest = Buffer.alloc(0)
  let end = 0
  for (let at = 0; ; ) {
    const count = readSync(fd, buffer, 0, CHUNK, at)
    if (count === 0) return end
    at += count
    rest = Buffer.concat([rest, buffer.subarray(0, count)])
    for (let cut = rest.indexOf(10); cut >= 0; cut = rest.indexOf(10)) {
      each(rest.toString('utf8', 0, cut))
      rest = rest.subarray(cut + 1)
      end = at - rest.length
    }
  }
}

/**
 * Reads a journal in one pass. It keeps only the state of each pair in memory, and skips lines that it cannot parse.
 *
 * @param path - Path of the journal. If the file does not exist, the state is empty.
 */
export function readJournal(path: string): JournalState {
  const state = emptyState()
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if (Object(error).code === 'ENOENT') return state
    throw error
  }
  try {
    readLines(fd, (text) => {
      const line = parseJournalLine(text)
      if (line) addLine(state, line)
    })
  } finally {
    closeSync(fd)
  }
  return state
}

/** A journal that is open for writing. */
export class JournalWriter {
  /** The state that all lines so far add up to. */
  readonly state: JournalState
  readonly #fd: number

  /**
   * Opens a journal, or creates it so that only its owner may read it. If a kill has cut off the last line, that line is
   * removed.
   *
   * @param path - Path of the journal.
   * @param now - The clock for the time of each line.
   */
  constructor(
    path: string,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.#fd = openSync(path, 'a+', 0o600)
    const state = emptyState()
    const end = readLines(this.#fd, (text) => {
      const line = parseJournalLine(text)
      if (line) addLine(state, line)
    })
    ftruncateSync(this.#fd, end)
    this.state = state
  }

  /** Appends a line. When this returns, the line is on the disk. */
  write(line: Omit<JournalLine, 'at'>): void {
    const whole = { at: this.now().toISOString(), ...line }
    writeSync(this.#fd, `${JSON.stringify(whole)}\n`)
    fsyncSync(this.#fd)
    addLine(this.state, whole)
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd)
  }
}
