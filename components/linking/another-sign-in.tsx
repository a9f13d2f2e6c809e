import { Tiles, type TileView } from '../ui/account-tile'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** Everything the page about a sign-in that this browser is not in the middle of says. */
export interface AnotherSignInView extends FrameView {
  title: string
  what: string
  tile: TileView
  answer: AnswerView
}

/** Says whose sign-in an address goes on with, and asks for a click. */
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
