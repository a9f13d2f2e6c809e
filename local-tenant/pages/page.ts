/**
 * The frame of the tenant's own pages: plain HTML without scripts, for small screens and both color schemes.
 * @module
 */
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Escaped markup. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1f26; --soft: #4c5361; --paper: #ffffff; --ground: #eef0f4; --line: #7a8292;
  --act: #1f4fbf; --on-act: #ffffff; --bad: #a51d24 }
@media (prefers-color-scheme: dark) { :root { --ink: #f1f3f7; --soft: #c3c9d5; --paper: #20242d; --ground: #14171d;
  --line: #8b93a3; --act: #9dbcff; --on-act: #10131a; --bad: #ffb0b0 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 1rem auto; padding: 1.25rem; background: var(--paper); border-radius: .75rem;
  overflow-wrap: anywhere }
footer { max-width: 26rem; margin: 0 auto; color: var(--soft); font-size: .875rem }
h1 { font-size: 1.375rem; line-height: 1.25; margin: 0 0 1rem } h2 { font-size: 1.0625rem; margin: 1.5rem 0 .5rem }
label { display: block; margin: .75rem 0 .25rem }
input { width: 100%; padding: .625rem; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--line); border-radius: .375rem }
.secret { -webkit-text-security: disc }
button, .button { display: block; width: 100%; min-height: 2.75rem; margin-top: .75rem; padding: .5rem 1rem; font: inherit;
  text-align: center; text-decoration: none; color: var(--on-act); background: var(--act);
  border: 1px solid var(--act); border-radius: .375rem; cursor: pointer }
button.quiet { color: var(--ink); background: var(--paper); border-color: var(--line) }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
.problem { color: var(--bad); font-weight: 600 }
pre { white-space: pre-wrap; padding: .75rem; background: var(--ground); border-radius: .375rem }
`

/**
 * Renders a whole document.
 *
 * @param title - The title, which is also the first heading.
 * @param content - The content below the heading.
 * @param note - A note that says which real page this page replaces.
 */
export function renderPage(title: string, content: Markup, note: string): Markup {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
<footer><p>${note}</p></footer>
</body>
</html>`
}

/** The note on pages that stand in for Auth0. */
export const TENANT_NOTE = 'This is a local stand-in for Auth0, for development only.'
