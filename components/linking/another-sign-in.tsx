import { Tiles, type TileView } from '../ui/account-tile'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** The content of {@link AnotherSignInDocument}. */
export interface AnotherSignInView extends FrameView {
  title: string
  what: string
  tile: TileView
  answer: AnswerView
}

/**
 * The page for a session token that does not belong to the flow waiting in this browser. It says whose sign-in it is, and resumes
 * that login only after a click.
 */
export function AnotherSignInDocument({ view }: { view: AnotherSignInView }) {
  return (
    <LinkingDocument {...view}>
      <p className="quiet">{view.what}</p>
      <div role="status">
        <Tiles tiles={[view.tile]} />
      </div>
      <AnswerForm answer={view.answer} isMain />
    </LinkingDocument>
  )
}
