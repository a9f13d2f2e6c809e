import { Tiles, type TileView } from '../ui/account-tile'
import { Effects } from '../ui/effects'
import { AnswerForm, AnswerPair, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** The content of {@link ConfirmDocument}. */
export interface ConfirmView extends FrameView {
  title: string
  step: string
  note: string | undefined
  proven: string
  tiles: TileView[]
  effectsTitle: string
  effects: string[]
  link: AnswerView
  declines: AnswerView[]
}

/** The confirmation page, which says what a link will do. Nothing is changed before the person clicks its button. */
export function ConfirmDocument({ view }: { view: ConfirmView }) {
  return (
    <LinkingDocument {...view}>
      {view.note && (
        <p className="note" role="status">
          {view.note}
        </p>
      )}
      <p className="quiet">{view.proven}</p>
      <Tiles tiles={view.tiles} />
      <h2>{view.effectsTitle}</h2>
      <Effects effects={view.effects} />
      <div className="answers">
        <AnswerForm answer={view.link} isMain />
        <AnswerPair answers={view.declines} />
      </div>
    </LinkingDocument>
  )
}
