/**
 * Reads the requests to the service from the documents' sequence diagrams.
 * @module
 */
import { readFileSync } from 'node:fs'

/** A request of the browser, and what the diagram shows of the response. */
export interface DrawnStep {
  /** Method and path, and if the service responds, the status: `GET /link 303`. */
  request: string
  /** The beginning of the name of the cookie that the response sets or deletes. */
  cookie?: string
  isDeleted: boolean
}

const BLOCKS = /^(break|opt|alt|loop) (.+)$/
const MESSAGE = /^(\w+)->>(\w+): (.+)$/

/**
 * The possible sequences of steps in a document's diagram. Each `break` block gives a sequence, whose key is its condition.
 * The full sequence has the key `''`. Leaves other blocks out.
 *
 * @param path - Path of the document, from the root.
 * @throws {Error} If there is no diagram, or a line is not understood.
 */
export function branchesOf(path: string): Map<string, DrawnStep[]> {
  const [, text] = /^```mermaid\nsequenceDiagram\n([\s\S]+?)^```$/m.exec(readFileSync(path, 'utf8')) ?? []
  if (text === undefined) throw new Error(`${path} has no sequence diagram`)
  const whole: DrawnStep[] = []
  const ways = new Map([['', whole]])
  /** The current sequence; undefined inside a block that is left out. */
  let way: DrawnStep[] | undefined = whole
  for (const line of text
    .trim()
    .split('\n')
    .map((each) => each.trim())) {
    const [, block, label = ''] = BLOCKS.exec(line) ?? []
    if (block) {
      if (way !== whole) throw new Error(`${path}: a block within another: ${line}`)
      way = block === 'break' ? whole.map((step) => ({ ...step })) : undefined
      if (way) ways.set(label, way)
    } else if (line === 'end') way = whole
    else if (MESSAGE.test(line)) draw(line, way)
    else if (!/^(autonumber|participant \w as .+|Note over \w: .+)$/.test(line))
      throw new Error(`${path}: ${line}`)
  }
  return ways
}

function draw(line: string, way: DrawnStep[] | undefined): void {
  const [, from, to, words = ''] = MESSAGE.exec(line) ?? []
  const [request] = /^[A-Z]+ \/[\w/-]*/.exec(words) ?? []
  if (from === 'B' && request) way?.push({ request, isDeleted: false })
  const [, status] = /^(\d{3})\b/.exec(words) ?? []
  const last = way?.at(-1)
  if (!(from === 'L' && to === 'B' && status && last)) return
  last.request += ` ${status}`
  const [, cookie, deleted] = /cookie __Host-(\w+)\{flow\}( deleted)?/.exec(words) ?? []
  if (cookie) Object.assign(last, { cookie, isDeleted: deleted !== undefined })
}
