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
.warn{border-inline-start:4px solid #c2550a;background:#e0701a24}
@media(min-width:34rem){.form .button{justify-self:start;width:auto}}`.replaceAll('\n', '')
