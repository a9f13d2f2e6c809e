/** The styles that the console's documents need besides the style sheet that all pages share. */
// React escapes quotes and angle brackets in text, so the style sheet must not contain any.
export const CONSOLE_SHEET = `.card,footer{max-width:60rem}
.acts{display:flex;flex-wrap:wrap;gap:.5rem}
.tile .acts{margin-inline-start:auto}
.acts .button{width:auto;min-height:2.75rem;padding:.35rem .75rem}
.button{padding-inline:1rem}
.field{width:100%;min-height:3rem;padding:.4rem .75rem;border:1px solid #868a92;border-radius:.6rem;background:Canvas;color:CanvasText;font:inherit}
.form{display:grid;gap:.5rem;margin-top:1rem}
.facts{display:grid;grid-template-columns:minmax(6.5rem,28%) 1fr;gap:.15rem 1rem;margin:.4rem 0;font-size:.9rem}
.facts dt{opacity:.75}
.facts dd{margin:0;min-width:0}
.bars{margin:1rem 0;padding:0;list-style:none}
.bars li{display:grid;grid-template-columns:1fr auto;gap:0 1rem}
.bars svg{grid-column:1/-1}
.number,td{font-variant-numeric:tabular-nums}
.days{margin:1rem 0}
.days svg{vertical-align:middle}
.ends{display:flex;justify-content:space-between;margin:0}
.track{fill:var(--sunken)}
.offered{fill:#868a92}
.linked{fill:#0a7d4b}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--edge);text-align:end;white-space:nowrap}
th:first-child{padding-inline-start:0;text-align:start}
.filter{display:flex;flex-wrap:wrap;align-items:end;gap:.5rem 1rem}
.filter label span{display:block;font-size:.875rem}
.filter label{max-width:100%}
.filter select{width:100%;max-width:100%}
.filter .button{width:auto;min-height:44px}
.warn{border-inline-start:4px solid #c2550a;background:#e0701a24}
@media(prefers-color-scheme:dark){.linked{fill:#3ecf8e}}
@media(forced-colors:active){.offered,.linked{fill:CanvasText}.days .offered{fill:Canvas;stroke:CanvasText}.track{fill:Canvas;stroke:GrayText}}
@media(min-width:34rem){.form .button{justify-self:start;width:auto}}`.replaceAll('\n', '')
