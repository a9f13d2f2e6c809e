import type { ReactNode } from 'react'
import './globals.css'

export const metadata = { title: 'Example application' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="bg-white text-neutral-900 dark:bg-neutral-950 dark:text-neutral-100">{children}</body>
    </html>
  )
}
