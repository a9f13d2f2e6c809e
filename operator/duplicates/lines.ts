/**
 * Files of one JSON value a line, written and read without keeping them.
 * @module
 */
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** Characters that are written at once. */
const BLOCK = 1 << 17

/** Writes a file that only its owner may read. It takes its place once it is whole. */
export class LineWriter {
  readonly #part: string
  readonly #stream: ReturnType<typeof createWriteStream>
  readonly #waiting: string[] = []
  #size = 0

  /**
   * @param path - Replaced at the end.
   * @param first - The first line, if there is one that is no value.
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

  /** Ends the file, and puts it in its place. */
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
 * @param path - If it is missing, there are no lines.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  if (!existsSync(path)) return
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    if (line !== '') yield line
}
