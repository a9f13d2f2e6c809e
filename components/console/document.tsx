import type { ReactNode } from 'react'
import { designSheet } from '../design/sheet'
import type { FrameView } from '../linking/document'
import { Brand } from '../ui/brand'
import { CONSOLE_SHEET } from './sheet'

/** A document of the console. It loads in a single request, and has no scripts. */
export function ConsoleDocument({
  frame: { language, direction, brand, nonce },
  title,
  errorCode,
  children,
}: {
  frame: FrameView
  title: string
  errorCode: string | undefined
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
        <style nonce={nonce}>{designSheet(brand.colors) + CONSOLE_SHEET}</style>
      </head>
      <body>
        <div className="card">
          <header className="brand">
            <Brand brand={brand} />
            <span className="step">Console</span>
          </header>
          <main data-error={errorCode}>{children}</main>
        </div>
      </body>
    </html>
  )
}
