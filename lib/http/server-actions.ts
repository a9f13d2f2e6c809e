/**
 * Which server actions this build has.
 * @module
 */
import 'server-only'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readText } from './form-fields'

/** The build's own list of server actions, as Next.js writes it. */
const Manifest = z.object({ node: z.record(z.string(), z.unknown()) })
const MANIFEST_PATH = ['.next', 'server', 'server-reference-manifest.json']
/** How the body of a form names its server action. */
const ACTION_FIELD = /name="\$ACTION_ID_([^"]{0,200})"/g

let known: Promise<Set<string> | undefined> | undefined

/**
 * Whether a form asks for a server action that this build does not have, because another build made its page, before or
 * during a deployment. Next.js answers such a form with a line of plain text. Calls of a script are not checked: Next.js
 * reports the problem to the script.
 *
 * @param request - Its body can still be read afterwards.
 * @returns False also if the build's list cannot be read.
 * @throws {LinkingError} `bad_request`, with status 413, if it is larger than any form of ours.
 */
export async function isFormOfAnotherBuild(request: Request): Promise<boolean> {
  if (!request.headers.get('content-type')?.startsWith('multipart/form-data')) return false
  if (request.headers.has('next-action')) return false
  known ??= readKnown()
  const ids = await known
  if (!ids) return false
  // The fields are not parsed: that takes a while, and only their names matter here.
  const text = await readText(request.clone())
  return [...text.matchAll(ACTION_FIELD)].some(([, id = '']) => !ids.has(id))
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
