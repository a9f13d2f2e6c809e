/**
 * A chart of bars as SVG, that grows with the page and is read out as a list.
 * @module
 */
import { escaped } from './escaped'

/** A bar. */
export interface Bar {
  label: string
  value: number
  /** Whether it stands out as what is hoped for. */
  isGood?: boolean
}

/** A bar's share of the longest one, in percent; something that is there is never invisible. */
const lengthOf = (value: number, most: number) => Math.max(0.5, (100 * value) / most).toFixed(1)

/**
 * Draws a list in which each value has a bar.
 *
 * @param title - For those who hear the page.
 */
export function barChart(title: string, bars: Bar[]): string {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const rows = bars.map(
    ({ label, value, isGood }) => `<li>
<span class="label">${escaped(label)}</span>
<span class="value">${value.toLocaleString('en')}</span>
<svg aria-hidden="true" width="100%" height="10" focusable="false"><rect class="track" width="100%" height="10" rx="2"/><rect class="${isGood ? 'good' : 'bar'}" width="${lengthOf(value, most)}%" height="10" rx="2"/></svg>
</li>`,
  )
  return `<ul class="chart" aria-label="${escaped(title)}">\n${rows.join('\n')}\n</ul>`
}
