import { Tile, Tiles, type TileView } from '../ui/account-tile'
import { Effects } from '../ui/effects'
import { AnswerPair, type AnswerView, Hidden, SubmitButton } from './answer-form'
import { type FrameView, LinkingDocument } from './document'
import { SignOut, type SignOutView } from './sign-out'

/** An account that may be linked. */
export interface CandidateView {
  /** The value that the form posts: an index, which reveals nothing about the account. */
  value: string
  tile: TileView
  /** What happens if this account is linked, one sentence each. */
  effects: string[]
}

/** The content of {@link PromptDocument}. */
export interface PromptView extends FrameView {
  title: string
  step: string
  /** Sentences about a failed attempt, a missing choice, or a response token that was too old. */
  notes: string[]
  /** The sign-out from a wrong account; undefined if the person has not signed in to one. */
  signOut: SignOutView | undefined
  /** The account of this login. */
  current: TileView
  candidates: CandidateView[]
  choose: string
  explain: string
  detailsTitle: string
  /** The effects that are the same for all candidates, one sentence each. */
  effects: string[]
  remarks: string[]
  link: AnswerView
  declines: AnswerView[]
}

/**
 * The prompt, which asks whether another account is the person's own. It says little, so that the buttons are on the first screen
 * of a phone. The confirmation page says everything before anything is changed.
 */
export function PromptDocument({ view }: { view: PromptView }) {
  const { candidates } = view
  const only = candidates.length === 1 ? candidates[0] : undefined
  return (
    <LinkingDocument {...view}>
      {view.notes.map((note) => (
        <p key={note} className="note" role="status">
          {note}
        </p>
      ))}
      {view.signOut && <SignOut signOut={view.signOut} />}
      <Tiles tiles={only ? [view.current, only.tile] : [view.current]} />
      <div className="answers">
        <form method="post" action={view.link.action}>
          <Hidden fields={view.link.fields} />
          {only ? <input type="hidden" name="candidate" value={only.value} /> : <Choices view={view} />}
          <p className="quiet">{view.explain}</p>
          <SubmitButton label={view.link.label} isMain />
        </form>
        <AnswerPair answers={view.declines} />
      </div>
      <details>
        <summary>{view.detailsTitle}</summary>
        {only ? (
          <Effects effects={[...only.effects, ...view.effects]} />
        ) : (
          <>
            {candidates.map(({ value, tile, effects }) => (
              <div key={value}>
                <b>
                  <bdi>{tile.account.provider}</bdi>
                </b>
                <Effects effects={effects} />
              </div>
            ))}
            <Effects effects={view.effects} />
          </>
        )}
        {view.remarks.map((remark) => (
          <p key={remark}>{remark}</p>
        ))}
      </details>
    </LinkingDocument>
  )
}

function Choices({ view }: { view: PromptView }) {
  return (
    <fieldset>
      <legend>
        <b>{view.choose}</b>
      </legend>
      <div className="tiles">
        {view.candidates.map(({ value, tile }) => (
          <label key={value} className="tile">
            <input type="radio" name="candidate" value={value} required />
            <Tile tile={tile} />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
