import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** The content of {@link SlowDocument}. */
export interface SlowView extends FrameView {
  title: string
  what: string
  answer: AnswerView
}

/** The page for a response token that was too old. It asks the person to confirm their answer with one more click. */
export function SlowDocument({ view }: { view: SlowView }) {
  return (
    <LinkingDocument {...view}>
      <p role="status">{view.what}</p>
      <AnswerForm answer={view.answer} isMain />
    </LinkingDocument>
  )
}
