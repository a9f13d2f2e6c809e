/**
 * The style sheet that all pages share: colors, shapes, type, tiles and buttons. The linking documents and the App Router pages
 * both put it into a `<style>` element. `app/globals.css` adds what only the App Router pages need.
 * @module
 */

/** The operator's colors, each `#rrggbb`. */
interface Palette {
  /** Background of the main button. */
  accent: string
  /** Text color on the main button. */
  onAccent: string
  /** Page background; undefined if our design's own is used. */
  page: string | undefined
}

/** The operator's colors for the light and the dark color scheme. */
export interface DesignColors {
  light: Palette
  dark: Palette
}

/**
 * Makes the style sheet. It is short, because it is part of every document, and the prompt should fit into the first packets of a
 * connection. It uses the browser's system colors and translucent grays, which work in light, dark and forced colors.
 *
 * @param colors - The operator's colors for both color schemes.
 */
// React escapes quotes and angle brackets in text, so the style sheet must not contain any.
export function designSheet({ light, dark }: DesignColors): string {
  return `:root{color-scheme:light dark;--sunken:#80808f1f;--edge:#80808f52;${variables(light)}}
@media(prefers-color-scheme:dark){:root{${variables(dark)}}}
*{box-sizing:border-box}
html{background:Canvas}
body{margin:0;min-height:100vh;background:var(--ground);color:CanvasText;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
.card,footer{max-width:32rem;margin:auto;padding:1.25rem}
.card{background:Canvas}
.brand{display:flex;align-items:center;gap:.6rem;margin-bottom:.9rem;font-weight:600;line-height:1.75rem}
.brand img{height:1.75rem}
.letter{width:1.75rem;border-radius:.45rem;background:var(--accent);color:var(--on-accent);text-align:center}
.step{margin-inline-start:auto}
.quiet,.step,.tag,footer{opacity:.75}
.small,.step,.tag{font-weight:400;font-size:.875rem}
h1{font-size:1.45rem;line-height:1.2;margin:0 0 .4rem;text-wrap:balance}
h2{font-size:1.1rem;margin:1.5rem 0 .4rem}
p,li{margin:.4rem 0}
ul{margin:0;padding-inline-start:1.2rem}
.tiles{margin:.9rem 0;padding:0;border:1px solid var(--edge);border-radius:.75rem;list-style:none}
.tile{display:flex;flex-wrap:wrap;align-items:center;gap:.15rem .8rem;margin:0;padding:.8rem}
.tile:not(:first-child){border-top:1px solid var(--edge)}
.tile input{width:1.4rem;height:1.4rem;margin:0}
.mark{display:grid;place-items:center;width:2.25rem;height:2.25rem;border-radius:.6rem;background:var(--sunken)}
.mark svg{width:1.35rem}
.who{flex:1 0 calc(100% - 3.1rem);min-width:0}
.tile input~.who{flex:1 1 8rem}
.who>*{display:block}
.tag{margin-inline-start:3.05rem}
fieldset{margin:0;padding:0;border:0}
.answers,.pair,.pair form{display:grid;gap:.5rem}
.pair{grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}
.button,select,.languages button{border:1px solid #868a92;border-radius:.6rem;background:Canvas;color:CanvasText;font:inherit}
.button{display:grid;place-items:center;width:100%;min-height:3rem;padding:.4rem;font-weight:500;text-align:center;text-decoration:none;cursor:pointer}
.main{font-weight:600;background:var(--accent);color:var(--on-accent)}
a{color:inherit}
.touch{display:inline-flex;align-items:center;min-height:44px}
summary{padding:.65rem 0;cursor:pointer}
.note{padding:.6rem .8rem;border-radius:.75rem;background:var(--sunken)}
select,.languages button{min-height:44px;max-width:10rem;padding:0 .6rem}
:focus-visible{outline:3px solid;outline-offset:2px}
@media(min-width:34rem){.card{margin-top:2.5rem;padding:2rem;border:1px solid var(--edge);border-radius:1rem}.who{flex:1 1 11rem}}`.replaceAll(
    '\n',
    '',
  )
}

const variables = ({ accent, onAccent, page }: Palette): string =>
  `--accent:${accent};--on-accent:${onAccent};--ground:${page ?? '#80808f1a'}`
