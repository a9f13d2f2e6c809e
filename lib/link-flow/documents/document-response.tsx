import 'server-only'
import { randomBytes } from 'node:crypto'
import type { ReactElement } from 'react'
import type { FrameView } from '@/components/linking/document'
import { textColorOn } from '../../config/brand'
import { type DocumentKind, documentHeaders } from '../../http/headers'
import type { Messages } from '../../messages/en'
import type { Services } from '../services'

/** What an answer has besides its document. */
export interface DocumentOptions {
  status?: number
  /** `Set-Cookie` lines. */
  cookies?: readonly string[]
  kind: DocumentKind
}

/**
 * Answers with a whole document without script.
 *
 * @param messages - The language of its frame.
 * @param render - Makes the document from its frame.
 */
export async function documentResponse(
  services: Services,
  messages: Messages,
  render: (frame: FrameView) => ReactElement,
  { status = 200, cookies = [], kind }: DocumentOptions,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64url')
  // Loaded on first use: most answers of the handlers are redirects.
  const { prerender } = await import('react-dom/static')
  const { prelude } = await prerender(render(frameOf(services, messages, nonce)))
  const headers = new Headers(documentHeaders(services, nonce, kind))
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(prelude, { status, headers })
}

function frameOf(
  services: Pick<Services, 'brandColor' | 'brandLogo' | 'brandName' | 'supportUrl'>,
  messages: Messages,
  nonce: string,
): FrameView {
  const { brandName, brandLogo, brandColor, supportUrl } = services
  return {
    nonce,
    language: messages.language,
    direction: messages.direction,
    brand: {
      name: brandName,
      logo: brandLogo,
      color: brandColor,
      onColor: textColorOn(brandColor) ?? '#ffffff',
    },
    supportUrl,
    supportLabel: messages.buttons.support,
  }
}

/** The answer to a HEAD request: the headers of a document, without doing anything. */
export function documentHead(services: Pick<Services, 'isStrictTransport'>): Response {
  return new Response(null, { headers: documentHeaders(services, 'none', 'leads-out') })
}
