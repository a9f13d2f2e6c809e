import { readFileSync } from 'node:fs'
import './words.css'

export const dynamic = 'force-dynamic'

/** A framework page with the markup from the file that `WORDS_FILE` names. */
export default function Page() {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: markup of this repository, so that both pages say the same.
  return <div dangerouslySetInnerHTML={{ __html: readFileSync(process.env.WORDS_FILE, 'utf8') }} />
}
