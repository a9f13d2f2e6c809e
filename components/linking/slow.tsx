import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** Everything the page for an answer that came too late says. */
export interface SlowView extends FrameView {
  title: string
  what: string
  answer: AnswerView
}

/** Asks for the same click once more. */
export function SlowDocument({ view }: { view: SlowView }) {
  return (
    <LinkingDocument {...view}>
      <p role="status">{view.what}</p>
      <AnswerForm answer={view.answer} isMain />
    </LinkingDocument>
  )
}
