/**
 * The one design of every page: colors, shapes, type, tiles and buttons. The documents without script and the App Router pages put
 * this style sheet into their `<style>` element; `app/globals.css` gives its colors to Tailwind's utilities.
 * @module
 */

/** The operator's colors, each `#rrggbb`. */
export interface BrandColors {
  color: string
  /** The text color on it. */
  onColor: string
}

/**
 * The style sheet.
 *
 * Tailwind's layers are named first, so that its reset comes before this sheet and its utilities after it.
 */
// React escapes quotes and angle brackets in text, so the sheet has none.
export function designSheet({ color, onColor }: BrandColors): string {
  return `@layer theme,base,design,components,utilities;
:root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--sunken:#f1f2f5;--edge:#dfe2e7;--line:#80858f;--ink:#15181d;--quiet:#525a66;--warn:#8a3b00;--warn-soft:#fff3e6;--accent:${color};--on-accent:${onColor};--radius:.75rem}
@media(prefers-color-scheme:dark){:root{--ground:#0d0f13;--card:#16191f;--sunken:#232830;--edge:#2f353f;--line:#868e9b;--ink:#eef0f4;--quiet:#abb3c0;--warn:#ffc793;--warn-soft:#33220f}}
@layer design{*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
.card{max-width:32rem;margin:auto;padding:1.25rem;background:var(--card)}
.wide{max-width:44rem}
.brand{display:flex;align-items:center;gap:.6rem;margin-bottom:.9rem;font-weight:600;line-height:1.75rem;color:inherit;text-decoration:none}
.brand img{height:1.75rem;max-width:8rem}
.letter{flex:none;width:1.75rem;border-radius:.45rem;background:var(--accent);color:var(--on-accent);text-align:center}
.step{margin-inline-start:auto;padding-inline-start:.5rem;white-space:nowrap}
.quiet,.step,.tag{color:var(--quiet)}
.small,.step,.tag{font-weight:400;font-size:.875rem}
h1{font-size:1.45rem;line-height:1.2;margin:0 0 .4rem;font-weight:700;text-wrap:balance}
h2{font-size:1.1rem;line-height:1.3;margin:1.5rem 0 .25rem;font-weight:700}
p{margin:.4rem 0}
ul{margin:.4rem 0;padding-inline-start:1.2rem;list-style:disc}
li{margin:.25rem 0}
.tiles{margin:.9rem 0;padding:0;border:1px solid var(--edge);border-radius:var(--radius);list-style:none}
.tile{display:flex;flex-wrap:wrap;align-items:center;gap:.15rem .8rem;margin:0;padding:.8rem}
.tile:not(:first-child){border-top:1px solid var(--edge)}
.mark{display:grid;place-items:center;flex:none;width:2.25rem;height:2.25rem;border-radius:.6rem;background:var(--sunken)}
.mark svg{width:1.35rem;height:1.35rem}
.who{flex:1 0 calc(100% - 3.1rem);min-width:0}
.tile input~.who,button.tile .who{flex:1 1 8rem}
.who>*{display:block}
.who b{font-weight:600}
.badge{margin-inline-start:.5rem;padding:.1rem .5rem;border-radius:1rem;background:var(--sunken);font-weight:400;font-size:.8rem}
.tag,.acts{margin-inline-start:3.05rem}
.acts{display:flex;flex-wrap:wrap;gap:.5rem}
.acts .button{width:auto;min-height:2.75rem;padding:.35rem .75rem;font-weight:500}
legend{padding:0;font-weight:600}
fieldset{margin:.9rem 0;padding:0;border:0}
.tile input{flex:none;width:1.4rem;height:1.4rem;margin:0;accent-color:var(--accent)}
.tile:has(:checked){background:var(--sunken)}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:3rem;padding:.4rem 1rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card);color:var(--ink);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.button:hover{background:var(--sunken)}
.main,.main:hover{border-color:var(--accent);background:var(--accent);color:var(--on-accent)}
.answers{display:grid;gap:.5rem;margin-top:.9rem}
.pair{display:grid;gap:.5rem;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}
.pair form{display:grid}
.pair .button{padding:.4rem;font-weight:500}
a{color:inherit;text-decoration:underline}
.touch{display:inline-flex;align-items:center;min-height:44px}
summary{padding:.65rem 0;cursor:pointer}
details{margin-top:.5rem}
.note{margin:.75rem 0;padding:.6rem .8rem;border-radius:var(--radius);background:var(--sunken)}
.warn{background:var(--warn-soft);color:var(--warn)}
footer{max-width:32rem;margin:0 auto;padding:.5rem 1.25rem 1.5rem;color:var(--quiet);font-size:.9rem}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
@media(prefers-color-scheme:dark){.main{border-color:var(--line)}}
@media(forced-colors:active){.letter,.mark,.note{border:1px solid}.main{border-width:3px}}
@media(min-width:34rem){.card{margin:2.5rem auto 0;padding:2rem;border:1px solid var(--edge);border-radius:1rem}footer{padding:.5rem 2rem}.who{flex-basis:8rem;flex-shrink:1}.tag,.acts{margin-inline-start:auto}}
@media print{.button,footer{display:none}}}`
}
