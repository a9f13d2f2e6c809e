/**
 * Knows which server actions this build has.
 * @module
 */
import 'server-only'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** The list of server actions that Next.js writes when it builds the app. */
const Manifest = z.object({ node: z.record(z.string(), z.unknown()) })
const MANIFEST_PATH = ['.next', 'server', 'server-reference-manifest.json']
/** Prefix of the form field whose name contains the id of the server action. */
const FIELD = '$ACTION_ID_'

let known: Promise<Set<string> | undefined> | undefined

/**
 * Whether a form asks for a server action that this build does not have, because its page is from another build, before or during
 * a deployment. Next.js would respond to such a form with one line of plain text.
 *
 * @param form - A form that the browser posted without scripts. Calls by a script need no check, because Next.js tells the
 *   script that the action is unknown.
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
    // `next dev` does not write this file.
    return undefined
  }
}
