/**
 * Which server actions this build has.
 * @module
 */
import 'server-only'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** The build's own list of server actions, as Next.js writes it. */
const Manifest = z.object({ node: z.record(z.string(), z.unknown()) })
const MANIFEST_PATH = ['.next', 'server', 'server-reference-manifest.json']
/** How the field begins that names the server action which a form is for. */
const FIELD = '$ACTION_ID_'

let known: Promise<Set<string> | undefined> | undefined

/**
 * Whether a form asks for a server action that this build does not have: another build made its page, before or during a
 * deployment. Next.js answers such a form with a line of plain text.
 *
 * @param form - One that the browser posts by itself. What a script calls need not be looked at: Next.js tells the script.
 * @returns False also if the build's list cannot be read.
 */
export async function isFormOfAnotherBuild(form: FormData): Promise<boolean> {
  known ??= readKnown()
  const ids = await known
  if (!ids) return false
  return [...form.keys()].some((name) => name.startsWith(FIELD) && !ids.has(name.slice(FIELD.length)))
}

async function readKnown(): Promise<Set<string> | undefined> {
  try {
    const text = await readFile(join(/* turbopackIgnore: true */ process.cwd(), ...MANIFEST_PATH), 'utf8')
    return new Set(Object.keys(Manifest.parse(JSON.parse(text)).node))
  } catch {
    // `next dev` has no such file.
    return undefined
  }
}
