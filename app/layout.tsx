import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { designSheet } from '@/components/design/sheet'
import { Brand } from '@/components/ui/brand'
import { KeptErrorWords } from '@/components/ui/error-words'
import { textColorOn } from '@/lib/config/brand'
import { config } from '@/lib/config/config'
import { chooseMessages } from '@/lib/messages'
import type { Messages } from '@/lib/messages/en'
import './globals.css'

/** Colours of the browser's own bars. */
export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f4f5f7' },
    { media: '(prefers-color-scheme: dark)', color: '#0d0f13' },
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
  const request = { headers: await headers() }
  const messages = chooseMessages(request)
  const { brandName, brandLogo, brandColor, supportUrl } = config()
  const colors = { color: brandColor, onColor: textColorOn(brandColor) ?? '#ffffff' }
  return (
    <html lang={messages.language}>
      <head>
        <KeptErrorWords words={errorWords(messages)} />
        <style nonce={nonceOf(request)}>{designSheet(colors)}</style>
      </head>
      <body>
        <div className="card wide">
          <header>
            <a href="/" className="brand touch -mt-2 mb-1.5">
              <Brand brand={{ name: brandName, logo: brandLogo }} />
            </a>
          </header>
          {children}
        </div>
        <footer className="wide">
          <a className="touch" href={supportUrl}>
            {messages.buttons.support}
          </a>
        </footer>
      </body>
    </html>
  )
}

/** The nonce of the answer's policy, which the middleware puts on the request. */
const nonceOf = ({ headers }: { headers: Pick<Headers, 'get'> }): string | undefined =>
  /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1]

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
