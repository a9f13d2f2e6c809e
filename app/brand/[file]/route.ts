/**
 * `GET /brand/logo-HASH`: serves a picture of the brand that is too large to be inlined into a page.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { servedImage } from '@/lib/brand/served-images'
import { pictureHeaders, plainHeaders } from '@/lib/http/headers'

/** Responds with a picture that one of our pages refers to, and with 404 for any other path. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ file: string }> },
): Promise<Response> {
  const image = await servedImage(linkFlowServices(), (await params).file)
  if (!image) return new Response(null, { status: 404, headers: plainHeaders(linkFlowServices()) })
  return new Response(new Uint8Array(image.bytes), {
    headers: pictureHeaders(linkFlowServices(), image.type),
  })
}
