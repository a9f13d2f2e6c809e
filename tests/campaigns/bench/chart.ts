/**
 * The figures as a picture: bars for comparisons, lines for growth. It has a light and a dark color scheme.
 * @module
 */
import { type Curve, type Figure, isMet, ratioOf } from './figure'

const WIDTH = 860
const ROW = 34
const LEFT = 20
/** Scale of the bars: ratios from a thousandth to ten. */
const BARS = { from: 0.001, to: 10, width: WIDTH - 2 * LEFT }
const CURVE = { width: 250, height: 120, gap: 35 }

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1a1a1a }
  .soft { fill: #57606a }
  .bar { fill: #1f6feb } .missed { fill: #bf5b04 } .none { fill: #8c959f }
  .line { fill: none; stroke: #1f6feb; stroke-width: 2 }
  .axis { stroke: #8c959f } .page { fill: #fff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .soft { fill: #9da7b1 } .page { fill: #0d1117 }
    .bar { fill: #4493f8 } .missed { fill: #db8434 } .line { stroke: #4493f8 }
  }`

/** The picture as SVG. */
export function chartOf({ figures, curves }: { figures: Figure[]; curves: Curve[] }): string {
  const compared = figures.filter((figure) => (ratioOf(figure) ?? 0) > 0)
  const top = 40 + compared.length * ROW
  const height = top + CURVE.height + 90
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>Ours as a share of what it is compared with, and how costs grow</title>
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
<text x="${LEFT}" y="24" class="soft">Ours ÷ what it is compared with, on a logarithmic scale; the line is 1. Orange: the target is not met.</text>
${compared.map(barOf).join('\n')}
<line class="axis" x1="${xOf(1)}" x2="${xOf(1)}" y1="34" y2="${top - 8}"/>
${curves.map((curve, index) => curveOf(curve, LEFT + index * (CURVE.width + CURVE.gap), top + 30)).join('\n')}
</svg>
`
}

const xOf = (ratio: number) => {
  const within = Math.min(Math.max(ratio, BARS.from), BARS.to)
  return LEFT + (Math.log(within / BARS.from) / Math.log(BARS.to / BARS.from)) * BARS.width
}

function barOf(figure: Figure, index: number): string {
  const ratio = ratioOf(figure) ?? 0
  const y = 40 + index * ROW
  const look = { true: 'bar', false: 'missed', undefined: 'none' }[`${isMet(figure)}`]
  const words = `${figure.name}, ${figure.other?.name}`
  return `<text x="${LEFT}" y="${y + 11}">${escaped(words.slice(0, 130))}</text>
<rect class="${look}" x="${LEFT}" y="${y + 16}" width="${(xOf(ratio) - LEFT).toFixed(1)}" height="9"/>
<text class="soft" x="${(xOf(ratio) + 5).toFixed(1)}" y="${y + 25}">${Number(ratio.toPrecision(3))}</text>`
}

function curveOf({ name, of, unit, points }: Curve, x: number, y: number): string {
  const [sizes, costs] = [points.map(([size]) => size), points.map(([, cost]) => cost)]
  const [most, highest] = [Math.max(...sizes), Math.max(...costs)]
  const place = ([size, cost]: [number, number]) =>
    `${(x + (size / most) * CURVE.width).toFixed(1)},${(y + CURVE.height * (1 - cost / highest)).toFixed(1)}`
  const bottom = y + CURVE.height
  return `<text x="${x}" y="${y - 8}">${escaped(name)}: up to ${Number(highest.toPrecision(2))} ${unit}</text>
<polyline class="line" points="${points.map(place).join(' ')}"/>
<line class="axis" x1="${x}" x2="${x + CURVE.width}" y1="${bottom}" y2="${bottom}"/>
<text class="soft" x="${x}" y="${bottom + 16}">${Math.min(...sizes)} to ${most} ${of}</text>`
}

const escaped = (text: string) => text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')
