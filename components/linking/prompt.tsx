import { AccountName, type AccountView } from './account-name'
import { AnswerForm, type AnswerView, Hidden } from './answer-form'
import { type FrameView, LinkingDocument } from './document'
import { SignOutNote, type SignOutView } from './sign-out-note'

/** One account that may be linked. */
export interface CandidateView {
  /** What the form posts; says nothing about the account. */
  value: string
  account: AccountView
  /** What happens if it is linked, a sentence each. */
  effects: string[]
}

/** Everything the prompt says. */
export interface PromptView extends FrameView {
  title: string
  signIn: { lead: string; account: AccountView; to: string; application: string | undefined }
  /** Sentences about the last attempt, a missing choice, a slow answer, a wrong account. */
  notes: string[]
  signOut: SignOutView | undefined
  foundLead: string
  candidates: CandidateView[]
  choose: { legend: string; hint: string }
  explain: string
  effectsTitle: string
  /** Sentences that hold whichever account is chosen. */
  effects: string[]
  cannotGetIn: string
  link: AnswerView
  declines: AnswerView[]
}

/** Asks whether another account is the person's own, and says before any button what would happen. */
export function PromptDocument({ view }: { view: PromptView }) {
  const { signIn, candidates } = view
  const only = candidates.length === 1 ? candidates[0] : undefined
  return (
    <LinkingDocument {...view}>
      {view.notes.map((note) => (
        <p key={note} className="note" role="status">
          {note}
        </p>
      ))}
      {view.signOut && <SignOutNote signOut={view.signOut} />}
      <p>
        {`${signIn.lead} `}
        <AccountName account={signIn.account} />
        {signIn.application && (
          <>
            {`, ${signIn.to} `}
            <bdi>{signIn.application}</bdi>
          </>
        )}
        .
      </p>
      {only && (
        <p>
          {`${view.foundLead} `}
          <AccountName account={only.account} />.
        </p>
      )}
      <p>{view.explain}</p>
      <form method="post" action={view.link.action}>
        <Hidden fields={view.link.fields} />
        {only ? <input type="hidden" name="candidate" value={only.value} /> : <Choices view={view} />}
        <h2>{view.effectsTitle}</h2>
        <ul>
          {[...(only?.effects ?? []), ...view.effects].map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
        <p>{view.cannotGetIn}</p>
        <button className="button" type="submit">
          {view.link.label}
        </button>
      </form>
      {view.declines.map((answer) => (
        <AnswerForm key={answer.label} answer={answer} />
      ))}
    </LinkingDocument>
  )
}

function Choices({ view }: { view: PromptView }) {
  return (
    <fieldset>
      <legend>{view.choose.legend}</legend>
      {view.candidates.map(({ value, account, effects }) => (
        <label key={value} className="choice">
          <input type="radio" name="candidate" value={value} required />
          <span>
            <AccountName account={account} />
            {effects.length > 0 && (
              <>
                <br />
                {effects.join(' ')}
              </>
            )}
          </span>
        </label>
      ))}
      <p>{view.choose.hint}</p>
    </fieldset>
  )
}
