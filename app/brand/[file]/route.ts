/**
 * `GET /brand/logo-HASH`: a picture of the brand that is too large for a page, from our own origin.
 *
 * @module
 */

import { services } from '@/app/_services'
import { servedImage } from '@/lib/brand/served-images'
import { pictureHeaders, plainHeaders } from '@/lib/http/headers'

/** Answers with a picture that a page of ours named, 404 for anything else. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ file: string }> },
): Promise<Response> {
  const image = await servedImage(services(), (await params).file)
  if (!image) return new Response(null, { status: 404, headers: plainHeaders(services()) })
  return new Response(new Uint8Array(image.bytes), { headers: pictureHeaders(services(), image.type) })
}
