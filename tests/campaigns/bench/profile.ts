/**
 * What a process spends its time on, by phase.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import type { Profiler } from 'node:inspector'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The phase of a stack frame, by its source file. The innermost frame with a phase counts. */
const PHASES: [name: string, files: RegExp][] = [
  ['verify the token', /\/lib\/tokens\/|\/jose\/.*(jws|jwt)/],
  ['replay check and limits', /\/lib\/(store\/|http\/rate-limit)/],
  ['seal the flow', /\/lib\/(seal|session\/)|\/jose\/.*(jwe|encrypt)/],
  ['log', /\/lib\/log\./],
  [
    'the document',
    /\/(components|lib\/messages|app\/link\/_views)\/|\/lib\/http\/document-response|\/react-dom-|react-dom\/|\/react\//,
  ],
  ['the framework', /\/next\//],
  ['the rest of ours', /^(?!.*node_modules).*\/(app|lib)\//],
]

/** Shares of the busy time by phase, the largest first. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): [string, number][] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const known = new Map<number, string>()
  const phaseOf = (id: number): string => {
    const before = known.get(id)
    if (before !== undefined) return before
    const frame = byId.get(id)?.callFrame
    const parent = parents.get(id)
    let phase = frame && ownPhase(frame)
    phase ??= parent === undefined ? 'node itself' : phaseOf(parent)
    known.set(id, phase)
    return phase
  }
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const phase = phaseOf(id)
    times.set(phase, (times.get(phase) ?? 0) + (timeDeltas[index] ?? 0))
  })
  times.delete('(idle)')
  const all = [...times.values()].reduce((sum, time) => sum + time, 0)
  return [...times].map(([name, time]): [string, number] => [name, time / all]).sort(([, a], [, b]) => b - a)
}

function ownPhase({
  functionName,
  url,
  lineNumber,
  columnNumber,
}: Profiler.Profile['nodes'][0]['callFrame']) {
  if (functionName === '(garbage collector)' || functionName === '(idle)') return functionName
  if (!url || url.startsWith('node:')) return undefined
  if (url.includes('/node_modules/next/')) return 'the framework'
  const source = sourceOf(url, lineNumber, columnNumber)
  return PHASES.find(([, files]) => files.test(source))?.[0]
}

const maps = new Map<string, SourceMap | undefined>()

/** The source file of a position in a bundle. */
function sourceOf(url: string, line: number, column: number): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  if (!maps.has(path)) {
    const file = `${path}.map`
    maps.set(path, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined)
  }
  const entry = maps.get(path)?.findEntry(line, column)
  return entry && 'originalSource' in entry ? entry.originalSource : path
}
