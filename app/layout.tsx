import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { pageStyle } from '@/lib/brand/page-style'
import { chooseMessages } from '@/lib/messages'
import { pageBrand, pageNonce } from './_brand'
import './globals.css'

/** Colours of the browser's own bars. */
export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1117' },
  ],
}

/** Titles carry the brand's name. */
export async function generateMetadata(): Promise<Metadata> {
  await connection()
  const { name, favicon } = await pageBrand()
  return {
    title: { default: name, template: `%s · ${name}` },
    icons: { icon: favicon?.src ?? 'data:,' },
  }
}

/** The frame of every page: the brand's name and logo above, the page below. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const { language } = chooseMessages({ headers: await headers() })
  const { name, logo, colors } = await pageBrand()
  return (
    <html lang={language}>
      <head>
        <style nonce={await pageNonce()} suppressHydrationWarning>
          {pageStyle(colors)}
        </style>
      </head>
      <body className="flex min-h-dvh flex-col">
        <header className="border-b border-edge bg-raised">
          <div className="mx-auto flex max-w-4xl items-center px-5 py-4">
            <a href="/" className="flex min-h-11 items-center font-semibold no-underline">
              {/* biome-ignore lint/performance/noImgElement: the image optimizer is off */}
              {logo && <img src={logo.src} alt="" className="mr-3 h-8 w-auto max-w-32" />}
              {name}
            </a>
          </div>
        </header>
        {children}
      </body>
    </html>
  )
}
