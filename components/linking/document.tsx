import type { ReactNode } from 'react'
import { DocumentFrame, type DocumentView } from '../ui/document-frame'
import { LanguageForm, type LanguageFormView } from '../ui/language-form'

/** The parts that all linking documents share. */
export interface FrameView extends DocumentView {
  /** The form that chooses a language; undefined if the document cannot be shown again in another one. */
  languages: LanguageFormView | undefined
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

/** A linking document: a page under `/link`. It shows where to get help, and lets the person choose a language. */
export function LinkingDocument(props: DocumentProps) {
  const { languages, title, step, errorCode, children, supportUrl, supportLabel } = props
  return (
    <DocumentFrame
      view={props}
      title={title}
      note={step}
      errorCode={errorCode}
      footer={
        <footer>
          <a className="touch" href={supportUrl}>
            {supportLabel}
          </a>
          <LanguageForm view={languages} />
        </footer>
      }
    >
      <h1>{title}</h1>
      {children}
    </DocumentFrame>
  )
}
