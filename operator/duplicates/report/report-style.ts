/** The style sheet of a report, for light mode, dark mode and print. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #1c1c1e; --soft: #5c5c66; --line: #d9d9de; --back: #fff; --bar: #7a7a88; --good: #0a7d4b; --track: #efeff2 }
@media (prefers-color-scheme: dark) { :root { --text: #ececf0; --soft: #a4a4b0; --line: #3a3a42; --back: #17171a; --bar: #9a9aaa; --good: #3ecf8e; --track: #2a2a30 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.75rem; margin: 0 }
h2 { font-size: 1.15rem; margin: 0 }
p { margin: .25rem 0 0 }
.when, section > p { color: var(--soft) }
.lead { font-size: 1.25rem; margin: 1.25rem 0 }
section { margin-top: 2.25rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; list-style: none; margin: 0; padding: 0 }
.tiles li { border: 1px solid var(--line); border-radius: .5rem; padding: .875rem 1rem; display: flex; flex-direction: column }
.tiles strong { font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.tiles small { color: var(--soft); margin-top: .25rem }
.chart { list-style: none; margin: .75rem 0 0; padding: 0 }
.chart li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .375rem 0; break-inside: avoid }
.chart .value { font-variant-numeric: tabular-nums }
.chart .label { overflow-wrap: anywhere }
.chart svg { grid-column: 1 / -1; display: block }
.track { fill: var(--track) } .bar { fill: var(--bar) } .good { fill: var(--good) }
ol, section > ul:not(.chart) { padding-left: 1.25rem } li + li { margin-top: .375rem } .chart li + li, .tiles li + li { margin-top: 0 }
@media print { :root { --text: #000; --soft: #333; --line: #999; --back: #fff; --bar: #666; --good: #0a7d4b; --track: #eee } main { padding: 0; max-width: none } rect { print-color-adjust: exact; -webkit-print-color-adjust: exact } section { break-inside: avoid } }
`
