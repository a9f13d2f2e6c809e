/**
 * Pictures that are too large to be inlined. We serve them from our own origin, under the hash of their content.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { processMemory } from '../process/process-memory'
import type { CacheServices } from '../store/cached'
import { fallBackIfStoreDown } from '../store/or-fallback'
import { type BrandImage, hashOf, isImageType } from './image'

/** The most pictures that a process keeps. Each has at most 100 kB. */
const MAX_SERVED = 50
/** How long the store keeps a picture for other instances, in seconds. Each renewal of the brand stores it again. */
const STORED_SECONDS = 24 * 3_600

const Stored = z.object({ type: z.string().refine(isImageType), base64: z.string() })

const served = () => processMemory('brand-served', () => new Map<string, BrandImage>())
const keyOf = (hash: string) => `brand-image:${hash}`

/**
 * Makes a picture available at a path of this app, on this instance and all others that share the store.
 *
 * @returns The path: `/brand/logo-` and the hash.
 */
export async function servedAt({ store, sealer }: CacheServices, image: BrandImage): Promise<string> {
  const hash = hashOf(image)
  remember(hash, image)
  const value = { type: image.type, base64: image.bytes.toString('base64') }
  const sealed = await sealer.seal(keyOf(hash), value, Date.now() / 1000 + STORED_SECONDS)
  await fallBackIfStoreDown(store.set(keyOf(hash), sealed, STORED_SECONDS), undefined)
  return `/brand/logo-${hash}`
}

/**
 * Finds a picture.
 *
 * @param file - The last segment of the picture's path.
 * @returns Undefined if there is no such picture, or if the segment is not a picture's.
 */
export async function servedImage(
  { store, sealer }: CacheServices,
  file: string,
): Promise<BrandImage | undefined> {
  const hash = /^logo-([0-9a-f]{32})$/.exec(file)?.[1]
  if (hash === undefined) return undefined
  const here = served().get(hash)
  if (here) return here
  const sealed = await fallBackIfStoreDown(store.get(keyOf(hash)), undefined)
  const stored = Stored.safeParse(sealed && (await sealer.unseal(keyOf(hash), sealed)))
  if (!stored.success) return undefined
  const image = { type: stored.data.type, bytes: Buffer.from(stored.data.base64, 'base64') }
  remember(hash, image)
  return image
}

function remember(hash: string, image: BrandImage): void {
  const all = served()
  const [oldest] = all.keys()
  if (all.size >= MAX_SERVED && oldest !== undefined) all.delete(oldest)
  all.set(hash, image)
}
