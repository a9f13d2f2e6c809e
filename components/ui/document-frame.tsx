import type { ReactNode } from 'react'
import { type DesignColors, designSheet } from '../design/sheet'
import { Brand, type BrandView } from './brand'

/** The language and brand of a document without scripts, and the nonce for its styles. */
export interface DocumentView {
  language: string
  direction: 'ltr' | 'rtl'
  brand: BrandView & { favicon: string | undefined; colors: DesignColors }
  nonce: string
}

/** A whole document that loads in one request, has no scripts, and shows the operator's brand on top. */
export function DocumentFrame({
  view: { language, direction, brand, nonce },
  title,
  note,
  errorCode,
  sheet = '',
  footer,
  children,
}: {
  view: DocumentView
  title: string
  /** A short text beside the brand, such as "Step 1 of 3". */
  note?: string | undefined
  /** The error code, on an error page. */
  errorCode?: string | undefined
  /** Styles in addition to the shared style sheet. */
  sheet?: string
  footer?: ReactNode
  children: ReactNode
}) {
  return (
    <html lang={language} dir={direction}>
      {/* biome-ignore lint/style/noHeadElement: this is a whole document of its own, not a page of the App Router */}
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>{`${title} · ${brand.name}`}</title>
        <link rel="icon" href={brand.favicon ?? 'data:,'} />
        <style nonce={nonce}>{designSheet(brand.colors) + sheet}</style>
      </head>
      <body>
        <div className="card">
          <header className="brand">
            <Brand brand={brand} />
            {note && <span className="step">{note}</span>}
          </header>
          <main data-error={errorCode}>{children}</main>
        </div>
        {footer}
      </body>
    </html>
  )
}
