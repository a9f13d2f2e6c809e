import 'server-only'
import { randomBytes } from 'node:crypto'
import type { ReactElement } from 'react'
import type { FrameView } from '@/components/linking/document'
import type { BrandOf } from '../../brand/tenant-parts'
import { type DocumentKind, documentHeaders } from '../../http/headers'
import type { Messages } from '../../messages/en'
import type { ResumeLogin } from '../refusal'
import type { Services } from '../services'

/** What an answer has besides its document. */
export interface DocumentOptions {
  status?: number
  /** `Set-Cookie` lines. */
  cookies?: readonly string[]
  kind: DocumentKind
  /** Whose brand it shows; by default the tenant's. */
  brandOf?: BrandOf
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
  { status = 200, cookies = [], kind, brandOf }: DocumentOptions,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64url')
  // Loaded on first use: most answers of the handlers are redirects.
  const { prerender } = await import('react-dom/static')
  const { prelude } = await prerender(render(await frameOf(services, messages, nonce, brandOf)))
  const headers = new Headers(documentHeaders(services, nonce, kind))
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(prelude, { status, headers })
}

async function frameOf(
  { brands }: Pick<Services, 'brands'>,
  messages: Messages,
  nonce: string,
  brandOf: BrandOf | undefined,
): Promise<FrameView> {
  const { name, logo, favicon, colors, supportUrl } = await brands.brandFor(brandOf)
  const { light, dark } = colors
  return {
    nonce,
    language: messages.language,
    brand: {
      name,
      // A document is one request, so a larger picture is left out.
      logo: logo?.inline,
      favicon: favicon?.inline,
      color: light.accent,
      onColor: light.onAccent,
      page: light.page,
      darkColor: dark.accent,
      onDarkColor: dark.onAccent,
      darkPage: dark.page,
    },
    supportUrl,
    supportLabel: messages.buttons.support,
  }
}

/** Whose brand the documents of a login show: that of its organization and of the domain it runs at. */
export function brandOf(login: Pick<ResumeLogin, 'organization' | 'domain'> | undefined): BrandOf {
  return { organization: login?.organization, host: login?.domain }
}

/** The answer to a HEAD request: the headers of a document, without doing anything. */
export function documentHead(services: Pick<Services, 'isStrictTransport'>): Response {
  return new Response(null, { headers: documentHeaders(services, 'none', 'leads-out') })
}
