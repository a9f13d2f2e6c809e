/** The colors of a brand, `#rrggbb`; a page's is undefined if it is the design's own. */
export interface BrandColorsView {
  color: string
  onColor: string
  page: string | undefined
  darkColor: string
  onDarkColor: string
  darkPage: string | undefined
}

/**
 * The one style sheet of the linking documents, inlined into each.
 *
 * @param brand - The colors of the operator's brand.
 */
// React escapes quotes and angle brackets in text, so the sheet has none.
export function documentStyle({
  color,
  onColor,
  page,
  darkColor,
  onDarkColor,
  darkPage,
}: BrandColorsView): string {
  return `:root{color-scheme:light dark;--text:#1a1a1a;--soft:#4d4d4d;--page:${page ?? '#f3f4f6'};--card:#fff;--line:#767676;--accent:${color};--on:${onColor}}
@media (prefers-color-scheme:dark){:root{--text:#f2f2f2;--soft:#c4c4c4;--page:${darkPage ?? '#121417'};--card:#1d2126;--line:#8d949e;--accent:${darkColor};--on:${onDarkColor}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header{background:var(--accent);color:var(--on);padding:.75rem 1rem;font-weight:600}
header div{max-width:34rem;margin:auto;display:flex;align-items:center;gap:.75rem}
header img{height:2rem;width:auto;max-width:8rem}
main{max-width:34rem;margin:0 auto 1rem;padding:1.25rem;background:var(--card)}
footer{max-width:34rem;margin:0 auto 2rem;padding:0 1.25rem;color:var(--soft);font-size:.9rem}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.05rem;margin:1rem 0 .25rem}
p{margin:.5rem 0}
ul{margin:.25rem 0 .75rem;padding-left:1.25rem}
li{margin:.15rem 0}
.soft{margin-top:1rem;color:var(--soft);font-size:.9rem}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.5rem 1rem}
legend{font-weight:600;padding:0 .25rem}
.choice{display:flex;gap:.75rem;align-items:flex-start;min-height:44px;padding:.5rem 0}
.choice input{width:1.5rem;height:1.5rem;flex:none;margin:0}
form{margin:.6rem 0}
p+form,p+.button{margin-top:1rem}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:48px;padding:.6rem 1rem;border:2px solid var(--accent);border-radius:.5rem;background:var(--accent);color:var(--on);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
a{color:inherit}
.touch{display:inline-flex;align-items:center;min-height:44px}
:focus-visible{outline:3px solid var(--text);outline-offset:2px}
.note{border-left:4px solid var(--accent);padding:.25rem .75rem}
.note .touch{display:flex}
bdi{font-weight:600}
@media (prefers-color-scheme:dark){.button,.note{border-color:var(--line)}}
@media (min-width:30rem){main{margin:2rem auto;padding:2rem;border-radius:.75rem}footer{padding:0 2rem}}`
}
