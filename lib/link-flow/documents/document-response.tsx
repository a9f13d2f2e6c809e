import 'server-only'
import { randomBytes } from 'node:crypto'
import type { ReactElement } from 'react'
import type { FrameView } from '@/components/linking/document'
import { SHOW_LANGUAGES } from '@/components/ui/language-form'
import type { BrandOf } from '../../brand/tenant-parts'
import { type DocumentKind, documentHeaders } from '../../http/headers'
import { choiceCookie } from '../../messages/choice'
import type { Messages } from '../../messages/en'
import { languageForm } from '../../messages/language-form'
import type { ResumeLogin } from '../refusal'
import type { Services } from '../services'

/** What a response has besides its document. */
export interface DocumentOptions {
  status?: number
  /** `Set-Cookie` lines. */
  cookies?: readonly string[]
  /** Whether the same request would get a different document next time. The document then has no language form. */
  isOnce?: boolean | undefined
  kind: DocumentKind
  /**
   * Selects the brand (name, logo, colors) that the document shows. If undefined, the document shows what this process has
   * already read of the tenant's brand, so that a refusal causes no API call.
   */
  brandOf?: BrandOf | undefined
}

/**
 * Responds with a complete HTML document that has no scripts.
 *
 * @param request - If the request chooses a language, the response sets a cookie that remembers it.
 * @param messages - The sentences in the document's language.
 * @param render - Makes the document from the frame that all documents share.
 */
export async function documentResponse(
  services: Services,
  request: Request,
  messages: Messages,
  render: (frame: FrameView) => ReactElement,
  { status = 200, cookies = [], isOnce = false, kind, brandOf }: DocumentOptions,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64url')
  // Loaded on first use, because most responses of the handlers are redirects.
  const { prerender } = await import('react-dom/static')
  const { prelude } = await prerender(
    render(
      await frameOf(
        services,
        messages,
        nonce,
        isOnce ? undefined : languageFormFor(request, messages),
        brandOf,
      ),
    ),
  )
  const headers = new Headers(documentHeaders(services, nonce, kind))
  const choice = choiceCookie(services, request)
  for (const cookie of choice ? [...cookies, choice] : cookies) headers.append('set-cookie', cookie)
  return new Response(prelude, { status, headers })
}

async function frameOf(
  { brands }: Pick<Services, 'brands'>,
  messages: Messages,
  nonce: string,
  languages: FrameView['languages'],
  brandOf: BrandOf | undefined,
): Promise<FrameView> {
  const { name, logo, favicon, colors, supportUrl } = brandOf
    ? await brands.brandFor(brandOf)
    : brands.atHand()
  return {
    nonce,
    language: messages.language,
    direction: messages.direction,
    languages,
    brand: {
      name,
      // A document loads nothing else, so a logo that is too large to be inlined is left out.
      logo: logo?.inline,
      favicon: favicon?.inline,
      colors,
    },
    supportUrl,
    supportLabel: messages.buttons.support,
  }
}

/** Paths that return the same document if the browser requests them again. */
const REPEATABLE = new Set(['/link/prompt', '/link/confirm', '/link/wrong-account', '/not-me'])

/** The form that shows the same document in another language, if the document can be requested again. */
function languageFormFor({ method, url }: Request, messages: Messages): FrameView['languages'] {
  const { pathname, searchParams } = new URL(url)
  const form = method === 'GET' && REPEATABLE.has(pathname) ? languageForm(messages, searchParams) : undefined
  // The names of twenty languages would be a tenth of the document, so they are listed only on request.
  return form && !searchParams.has(SHOW_LANGUAGES) ? { ...form, languages: [] } : form
}

/** Selects the brand for a login's documents, by the login's organization and the domain at which it runs. */
export function brandOf(login: Pick<ResumeLogin, 'organization' | 'domain'>): BrandOf {
  return { organization: login.organization, host: login.domain }
}

/** The response to a HEAD request: the headers of a document, without any effect. */
export function documentHead(services: Pick<Services, 'isStrictTransport'>): Response {
  return new Response(null, { headers: documentHeaders(services, 'none', 'leads-out') })
}
