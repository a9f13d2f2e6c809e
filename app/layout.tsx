import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { pageLanguages, pageMessages } from '@/app/_messages'
import { LanguageForm } from '@/components/ui/language-form'
import { config } from '@/lib/config/config'
import './globals.css'

/** Colours of the browser's own bars. */
export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1117' },
  ],
}

/** Titles carry the operator's name. */
export async function generateMetadata(): Promise<Metadata> {
  await connection()
  const { brandName } = config()
  return { title: { default: brandName, template: `%s · ${brandName}` }, icons: { icon: 'data:,' } }
}

/** The frame of every page: the operator's name above, the page below. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const messages = await pageMessages()
  const { language, direction } = messages
  return (
    <html lang={language} dir={direction}>
      <body className="flex min-h-dvh flex-col">
        <header className="border-b border-edge bg-raised">
          <div className="mx-auto flex max-w-4xl items-center px-5 py-4">
            <a href="/" className="flex min-h-11 items-center font-semibold no-underline">
              {config().brandName}
            </a>
          </div>
        </header>
        {children}
        <footer>
          <LanguageForm view={await pageLanguages(messages)} />
        </footer>
      </body>
    </html>
  )
}
