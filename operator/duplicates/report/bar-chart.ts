/**
 * A bar chart as SVG. It grows with the page, and screen readers read it as a list.
 * @module
 */
import { escapeHtml } from '../../../lib/messages/escape-html'

/** A bar. */
export interface Bar {
  label: string
  value: number
  /** Whether to highlight the bar as a good result. */
  isGood?: boolean
}

/** The length of a bar in percent of the longest one, but at least half a percent, so that it is never invisible. */
const lengthOf = (value: number, most: number) => Math.max(0.5, (100 * value) / most).toFixed(1)

/**
 * Draws a list in which each value has a bar.
 *
 * @param title - The name of the list for screen readers.
 */
export function barChart(title: string, bars: Bar[]): string {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const rows = bars.map(
    ({ label, value, isGood }) => `<li>
<span class="label">${escapeHtml(label)}</span>
<span class="value">${value.toLocaleString('en')}</span>
<svg aria-hidden="true" width="100%" height="10" focusable="false"><rect class="track" width="100%" height="10" rx="2"/><rect class="${isGood ? 'good' : 'bar'}" width="${lengthOf(value, most)}%" height="10" rx="2"/></svg>
</li>`,
  )
  return `<ul class="chart" aria-label="${escapeHtml(title)}">\n${rows.join('\n')}\n</ul>`
}
