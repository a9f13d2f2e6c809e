/**
 * Reports the figures as a table, as JSON, as a picture, and in a document that shows them.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/lib/paths.mjs'
import { chartOf } from './chart'
import { type Figure, type Findings, isMet, ratioOf, type Target } from './figure'

/** All results. */
export type Report = Required<Findings>

const HEAD = ['figure', 'ours', 'compared with', 'ratio', 'target', '']
const FOLDER = join(ROOT, 'docs', 'assurance', 'performance')
const PAGE = join(ROOT, 'docs', 'assurance', 'performance.md')
/** Everything between these two lines of the page is replaced. */
const BEGIN = '<!-- written by npm run bench -->'
const END = '<!-- end -->'

/** The figures as a Markdown table with aligned columns. */
export function tableOf(figures: Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)]
  const widths = HEAD.map((_unused, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)))
  const lineOf = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = HEAD, ...body] = rows
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...body.map(lineOf)].join('\n')
}

/** Writes JSON and picture, and puts table, curves and shares into the document. */
export function writeReport(report: Report): void {
  mkdirSync(FOLDER, { recursive: true })
  const figures = report.figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), met: isMet(figure) }))
  writeFileSync(join(FOLDER, 'bench.json'), `${JSON.stringify({ ...report, figures }, undefined, 2)}\n`)
  writeFileSync(join(FOLDER, 'bench.svg'), chartOf(report))
  const page = readFileSync(PAGE, 'utf8')
  const [before, after] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)]
  const shares = report.shares.map(([phase, share]) => `| ${phase} | ${Math.round(share * 100)} % |`)
  const written = [
    `Measured with Node.js ${process.version} on ${cpus().length} cores (${cpus()[0]?.model.trim()}).`,
    tableOf(report.figures),
    '![The figures as bars, and how three costs grow](performance/bench.svg)',
    `What a process spends its time on while \`/link\` is under full load:`,
    ['| phase | share |', '| --- | --- |', ...shares].join('\n'),
  ].join('\n\n')
  writeFileSync(PAGE, `${page.slice(0, before)}\n${written}\n${page.slice(after)}`)
}

function rowOf(figure: Figure): string[] {
  const { name, ours, unit, other, target } = figure
  const ratio = ratioOf(figure)
  const met = isMet(figure)
  return [
    name,
    `${round(ours)} ${unit}`,
    other ? `${other.name}: ${round(other.value)} ${unit}` : '',
    ratio === undefined ? '' : round(ratio),
    target ? wordsOf(target, unit) : '',
    met === undefined ? '' : met ? 'met' : 'not met',
  ]
}

function wordsOf(target: Target, unit: string): string {
  const [sign, value] = 'most' in target ? ['≤', target.most] : ['≥', target.least]
  return target.of === 'ours' ? `${sign} ${round(value)} ${unit}` : `ratio ${sign} ${round(value)}`
}

/** Rounds to three significant digits. */
const round = (value: number) =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4, useGrouping: false })
