import type { ReactNode } from 'react'
import { type BrandColorsView, documentStyle } from './style'

/** How the operator's documents look. */
export interface BrandView extends BrandColorsView {
  name: string
  /** Data URIs. */
  logo: string | undefined
  favicon: string | undefined
}

/** What frames every linking document. */
export interface FrameView {
  language: string
  brand: BrandView
  nonce: string
  supportUrl: string
  supportLabel: string
}

interface DocumentProps extends FrameView {
  title: string
  /** Set on a document that says no. */
  errorCode?: string
  children: ReactNode
}

/** A whole linking document: one request, no script, the operator's name on top. */
export function LinkingDocument(props: DocumentProps) {
  const { language, brand, nonce, title, errorCode, children, supportUrl, supportLabel } = props
  return (
    <html lang={language}>
      {/* biome-ignore lint/style/noHeadElement: this is a whole document of its own, not a page of the App Router */}
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · ${brand.name}`}</title>
        <link rel="icon" href={brand.favicon ?? 'data:,'} />
        <style nonce={nonce}>{documentStyle(brand)}</style>
      </head>
      <body>
        <header>
          <div>
            {/* biome-ignore lint/performance/noImgElement: inlined, so there is nothing to load */}
            {brand.logo && <img src={brand.logo} alt="" />}
            <span>{brand.name}</span>
          </div>
        </header>
        <main data-error={errorCode}>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <a className="touch" href={supportUrl}>
            {supportLabel}
          </a>
        </footer>
      </body>
    </html>
  )
}
