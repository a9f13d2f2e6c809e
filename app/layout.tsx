import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { pageLanguages, pageMessages } from '@/app/_messages'
import { designSheet } from '@/components/design/sheet'
import { Brand } from '@/components/ui/brand'
import { KeptErrorWords } from '@/components/ui/error-words'
import { LanguageForm } from '@/components/ui/language-form'
import type { Messages } from '@/lib/messages/en'
import { pageBrand, pageNonce } from './_brand'
import './globals.css'

/** Lets the browser's own controls use the page's color scheme, light or dark. */
export const viewport: Viewport = { colorScheme: 'light dark' }

/** The brand's name for page titles, and its icon. */
export async function generateMetadata(): Promise<Metadata> {
  await connection()
  const { name, favicon } = await pageBrand()
  return {
    title: { default: name, template: `%s · ${name}` },
    icons: { icon: favicon?.src ?? 'data:,' },
  }
}

/** The layout of every page: the brand's name and logo, the page, and the footer. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const messages = await pageMessages()
  const { name, logo, colors, supportUrl } = await pageBrand()
  return (
    <html lang={messages.language} dir={messages.direction}>
      <head>
        <KeptErrorWords words={errorWords(messages)} />
        <style nonce={await pageNonce()} suppressHydrationWarning>
          {`@layer design{${designSheet(colors)}}`}
        </style>
      </head>
      <body>
        <div className="card wide">
          <header>
            <a href="/" className="brand touch -mt-2 mb-1.5">
              <Brand brand={{ name, logo: logo?.src }} />
            </a>
          </header>
          {children}
        </div>
        <footer className="wide">
          <a className="touch" href={supportUrl}>
            {messages.buttons.support}
          </a>
          <LanguageForm view={await pageLanguages(messages)} />
        </footer>
      </body>
    </html>
  )
}

function errorWords(messages: Messages) {
  const { internal, outdated, notFound } = messages.pages
  return {
    internal: { ...internal, act: notFound.start, codeLine: messages.code({ code: 'internal' }) },
    outdated: {
      title: outdated.title,
      what: outdated.what,
      act: outdated.reload,
      codeLine: messages.code({ code: 'outdated' }),
    },
  }
}
