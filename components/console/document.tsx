import type { ReactNode } from 'react'
import { DocumentFrame, type DocumentView } from '../ui/document-frame'
import { CONSOLE_SHEET } from './sheet'

/** A document of the console. */
export function ConsoleDocument({
  frame,
  title,
  errorCode,
  children,
}: {
  frame: DocumentView
  title: string
  errorCode: string | undefined
  children: ReactNode
}) {
  return (
    <DocumentFrame view={frame} title={title} note="Console" errorCode={errorCode} sheet={CONSOLE_SHEET}>
      {children}
    </DocumentFrame>
  )
}
