import type { ReactNode } from 'react'
import { type DesignColors, designSheet } from '../design/sheet'
import { Brand, type BrandView } from '../ui/brand'
import { LanguageForm, type LanguageFormView } from '../ui/language-form'

/** The parts that all linking documents share. */
export interface FrameView {
  language: string
  direction: 'ltr' | 'rtl'
  /** The form that chooses a language; undefined if the document cannot be shown again in another one. */
  languages: LanguageFormView | undefined
  brand: BrandView & { favicon: string | undefined; colors: DesignColors }
  nonce: string
  supportUrl: string
  supportLabel: string
}

interface DocumentProps extends FrameView {
  title: string
  /** Such as "Step 1 of 3". */
  step?: string | undefined
  /** The error code, on an error page. */
  errorCode?: string
  children: ReactNode
}

/** A linking document: a page under `/link`. It needs only one request and no scripts, and shows the operator's brand on top. */
export function LinkingDocument(props: DocumentProps) {
  const {
    language,
    direction,
    languages,
    brand,
    nonce,
    title,
    step,
    errorCode,
    children,
    supportUrl,
    supportLabel,
  } = props
  return (
    <html lang={language} dir={direction}>
      {/* biome-ignore lint/style/noHeadElement: this is a whole document of its own, not a page of the App Router */}
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>{`${title} · ${brand.name}`}</title>
        <link rel="icon" href={brand.favicon ?? 'data:,'} />
        <style nonce={nonce}>{designSheet(brand.colors)}</style>
      </head>
      <body>
        <div className="card">
          <header className="brand">
            <Brand brand={brand} />
            {step && <span className="step">{step}</span>}
          </header>
          <main data-error={errorCode}>
            <h1>{title}</h1>
            {children}
          </main>
        </div>
        <footer>
          <a className="touch" href={supportUrl}>
            {supportLabel}
          </a>
          <LanguageForm view={languages} />
        </footer>
      </body>
    </html>
  )
}
