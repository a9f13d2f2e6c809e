/**
 * Writes and reads files with one JSON value per line, without holding a whole file in memory.
 * @module
 */
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** How many characters are collected before they are written. */
const BLOCK = 1 << 17

/** Writes a file that only its owner may read. It replaces the file at `path` only once it is complete. */
export class LineWriter {
  readonly #part: string
  readonly #stream: ReturnType<typeof createWriteStream>
  readonly #waiting: string[] = []
  #size = 0

  /**
   * @param path - Path of the file to replace.
   * @param first - A header for the first line, if the file has one.
   */
  constructor(
    readonly path: string,
    first?: string,
  ) {
    if (first !== undefined) this.#waiting.push(first)
    this.#part = `${path}.part`
    this.#stream = createWriteStream(this.#part, { mode: 0o600 })
  }

  /** Writes a line. */
  async write(line: string): Promise<void> {
    this.#waiting.push(line)
    this.#size += line.length
    if (this.#size > BLOCK) await this.#flush()
  }

  /** Completes the file, and moves it to `path`. */
  async end(): Promise<void> {
    await this.#flush()
    this.#stream.end()
    await once(this.#stream, 'close')
    renameSync(this.#part, this.path)
  }

  async #flush(): Promise<void> {
    const lines = this.#waiting.splice(0)
    this.#size = 0
    if (lines.length > 0 && !this.#stream.write(`${lines.join('\n')}\n`)) await once(this.#stream, 'drain')
  }
}

/**
 * Reads a file line by line.
 *
 * @param path - Path of the file. A file that does not exist has no lines.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  if (!existsSync(path)) return
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    if (line !== '') yield line
}
