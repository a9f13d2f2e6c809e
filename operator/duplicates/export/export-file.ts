/**
 * Checks the files of an export: whether each is gzipped, and whether it is complete. DuckDB reads a gzipped file that was
 * cut off as if it were complete, so Node.js reads each file as well.
 * @module
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { DuplicatesError } from '../error'

/** A file of an export. */
export interface ExportFile {
  path: string
  isGzip: boolean
}

/** What {@link checkExport} found in a file. */
export interface FileCheck {
  /** How many lines are not blank. If the file was cut off, only whole lines count. */
  lines: number
  /** Whether the file was cut off or is damaged. */
  isCut: boolean
}

const GZIP = Buffer.from([0x1f, 0x8b])
const CHUNK = 1 << 20
const NEW_LINE = 10
const isSpace = (byte: number) => byte === 32 || byte === 9 || byte === 10 || byte === 13

/**
 * Finds out from the first bytes of a file whether it is gzipped. The file's name does not matter.
 *
 * @throws {DuplicatesError} `file_unreadable`.
 */
export async function openExport(path: string): Promise<ExportFile> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
      return { path, isGzip: bytesRead === 2 && buffer.equals(GZIP) }
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new DuplicatesError('file_unreadable', `${path}: ${code}`, { cause: error })
  }
}

/** The unpacked bytes of a file. The stream ends with an error if a gzipped file is damaged or cut off. */
function bytesOfExport({ path, isGzip }: ExportFile): Readable {
  const raw = createReadStream(path, { highWaterMark: CHUNK })
  if (!isGzip) return raw
  const unpacked = createGunzip({ chunkSize: CHUNK })
  raw.once('error', (error) => unpacked.destroy(error))
  return raw.pipe(unpacked)
}

/** Reads a whole file to count its lines and to find out whether it was cut off. */
export async function checkExport(file: ExportFile): Promise<FileCheck> {
  const counter = new LineCounter()
  try {
    for await (const chunk of bytesOfExport(file)) counter.add(chunk)
  } catch {
    return { lines: counter.whole, isCut: true }
  }
  // The gzip format marks its end. A file without gzip counts as cut off if its last line is not valid JSON.
  const isCut = !file.isGzip && counter.hasRest && !isJson(counter.rest)
  return { lines: counter.whole + (counter.hasRest && !isCut ? 1 : 0), isCut }
}

/**
 * Copies the whole lines of a file that is damaged or cut off.
 *
 * @param path - Where to write the gzipped copy.
 */
export async function copyWholeLines(file: ExportFile, path: string): Promise<ExportFile> {
  async function* whole() {
    let rest = Buffer.alloc(0)
    try {
      for await (const chunk of bytesOfExport(file)) {
        const end = chunk.lastIndexOf(NEW_LINE) + 1
        if (end > 0) yield Buffer.concat([rest, chunk.subarray(0, end)])
        rest = end > 0 ? chunk.subarray(end) : Buffer.concat([rest, chunk])
      }
    } catch {
      // Lines after the damage cannot be read.
    }
  }
  await pipeline(whole, createGzip({ level: 1 }), createWriteStream(path, { mode: 0o600 }))
  return { path, isGzip: true }
}

/**
 * The lines of a file, in order, without line breaks. Throws at a line that is longer than a JavaScript string can be.
 */
export async function* linesOfExport(file: ExportFile): AsyncGenerator<string> {
  let rest: Buffer[] = []
  for await (const chunk of bytesOfExport(file) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString()
      rest = []
      start = end + 1
    }
    rest.push(chunk.subarray(start))
  }
  yield Buffer.concat(rest).toString()
}

/** Counts lines that are not blank. */
class LineCounter {
  /** How many lines with content end with a line break. */
  whole = 0
  /** Whether the last line, which has not ended yet, has content. */
  hasRest = false
  #rest: Buffer[] = []

  add(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
      if (this.hasRest || hasContent(chunk, start, end)) this.whole += 1
      this.hasRest = false
      this.#rest = []
      start = end + 1
    }
    this.hasRest ||= hasContent(chunk, start, chunk.length)
    this.#rest.push(chunk.subarray(start))
  }

  get rest(): string {
    return Buffer.concat(this.#rest).toString()
  }
}

function hasContent(chunk: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isSpace(chunk[at] as number)) return true
  return false
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
