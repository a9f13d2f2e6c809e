/**
 * The inspector's style.
 * @module
 */
import { html } from 'hono/html'

/** The inspector's style element. It follows the browser's light or dark scheme and works from a width of 360 px. */
export const inspectorStyle = html`<style>
  :root {
    color-scheme: light dark;
    --line: light-dark(#c8ccd4, #454b57);
    --card: light-dark(#f5f6f8, #1e222a);
    --link: light-dark(#0b57d0, #9ec1ff);
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0 auto;
    max-width: 72rem;
    padding: 1rem;
    background: light-dark(#fff, #14171c);
    color: light-dark(#1b1f27, #e8eaee);
    font: 1rem/1.5 system-ui, sans-serif;
    overflow-wrap: anywhere;
  }
  a {
    color: var(--link);
  }
  code,
  pre {
    font: 0.875rem/1.45 ui-monospace, monospace;
  }
  pre {
    margin: 0;
    overflow-x: auto;
  }
  header form {
    display: flex;
    gap: 1rem;
    align-items: center;
  }
  button {
    min-height: 2.75rem;
    padding: 0 1.25rem;
    font: inherit;
  }
  .cards,
  .notices,
  .comparison {
    display: grid;
    gap: 0.75rem;
  }
  .comparison > div {
    display: grid;
    gap: 0.75rem;
    align-content: start;
    min-width: 0;
  }
  .comparison {
    grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
  }
  .cards {
    grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr));
  }
  article {
    min-width: 0;
    padding: 0.75rem 1rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--card);
  }
  h4,
  article h3,
  article h5,
  article p {
    margin: 0.25rem 0;
  }
  h5 {
    font-size: 1.1rem;
  }
  article ul {
    padding-left: 1.25rem;
  }
  .mail {
    white-space: pre-wrap;
    font-family: inherit;
    font-size: 1rem;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: 0.875rem;
  }
  th,
  td {
    padding: 0.25rem 0.75rem 0.25rem 0;
    border-bottom: 1px solid var(--line);
    text-align: left;
    vertical-align: top;
    overflow-wrap: normal;
  }
</style>`
