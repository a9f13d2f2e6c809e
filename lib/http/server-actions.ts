/**
 * Which server actions this build has.
 * @module
 */
import 'server-only'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readText } from './form-fields'

/** The build's own list, as Next.js writes it. */
const Manifest = z.object({ node: z.record(z.string(), z.unknown()) })
const MANIFEST_PATH = ['.next', 'server', 'server-reference-manifest.json']
/** How the body of a form names the server action that it is for. */
const ACTION_FIELD = /name="\$ACTION_ID_([^"]{0,200})"/g

let known: Promise<Set<string> | undefined> | undefined

/**
 * Whether a form asks for a server action that this build does not have: its page was made by another build, before or
 * during a deployment. Next.js answers such a form with a line of plain text. What a script calls is not looked at: there
 * Next.js tells the script.
 *
 * @param request - Its body can still be read afterwards.
 * @returns False also where the build's list cannot be read.
 * @throws {Refusal} `bad_request`, with status 413, where it is larger than any form of ours.
 */
export async function isFormOfAnotherBuild(request: Request): Promise<boolean> {
  if (!request.headers.get('content-type')?.startsWith('multipart/form-data')) return false
  if (request.headers.has('next-action')) return false
  known ??= readKnown()
  const ids = await known
  if (!ids) return false
  // Not taken apart into fields: that takes a while, and all that is asked here is which names there are.
  const text = await readText(request.clone())
  return [...text.matchAll(ACTION_FIELD)].some(([, id = '']) => !ids.has(id))
}

async function readKnown(): Promise<Set<string> | undefined> {
  try {
    const text = await readFile(join(/* turbopackIgnore: true */ process.cwd(), ...MANIFEST_PATH), 'utf8')
    return new Set(Object.keys(Manifest.parse(JSON.parse(text)).node))
  } catch {
    // With `next dev` there is none.
    return undefined
  }
}
