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

/** What an answer has besides its document. */
export interface DocumentOptions {
  status?: number
  /** `Set-Cookie` lines. */
  cookies?: readonly string[]
  /** Whether the same request gets something else the next time. */
  isOnce?: boolean | undefined
  kind: DocumentKind
  /** Whose brand it shows. Without it the tenant's, as far as it is known: a refusal costs no call of the tenant. */
  brandOf?: BrandOf | undefined
}

/**
 * Answers with a whole document without script.
 *
 * @param request - Its answer keeps the language that it chooses.
 * @param messages - The language of its frame.
 * @param render - Makes the document from its frame.
 */
export async function documentResponse(
  services: Services,
  request: Request,
  messages: Messages,
  render: (frame: FrameView) => ReactElement,
  { status = 200, cookies = [], isOnce = false, kind, brandOf }: DocumentOptions,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64url')
  // Loaded on first use: most answers of the handlers are redirects.
  const { prerender } = await import('react-dom/static')
  const { prelude } = await prerender(
    render(
      await frameOf(services, messages, nonce, isOnce ? undefined : shownAgain(request, messages), brandOf),
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
      // A document is one request, so a larger picture is left out.
      logo: logo?.inline,
      favicon: favicon?.inline,
      colors,
    },
    supportUrl,
    supportLabel: messages.buttons.support,
  }
}

/** Documents that a browser can ask for again, and gets the same. */
const REPEATABLE = new Set(['/link/prompt', '/link/confirm', '/link/wrong-account', '/not-me'])

/** The form that shows the same document in another language. */
function shownAgain({ method, url }: Request, messages: Messages): FrameView['languages'] {
  const { pathname, searchParams } = new URL(url)
  const form = method === 'GET' && REPEATABLE.has(pathname) ? languageForm(messages, searchParams) : undefined
  // Twenty names would be a tenth of the document.
  return form && !searchParams.has(SHOW_LANGUAGES) ? { ...form, languages: [] } : form
}

/** Whose brand the documents of a login show: that of its organization and of the domain it runs at. */
export function brandOf(login: Pick<ResumeLogin, 'organization' | 'domain'>): BrandOf {
  return { organization: login.organization, host: login.domain }
}

/** The answer to a HEAD request: the headers of a document, without doing anything. */
export function documentHead(services: Pick<Services, 'isStrictTransport'>): Response {
  return new Response(null, { headers: documentHeaders(services, 'none', 'leads-out') })
}
