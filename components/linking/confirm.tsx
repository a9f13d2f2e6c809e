import { AccountName, type AccountView } from './account-name'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** Everything the last question says. */
export interface ConfirmView extends FrameView {
  title: string
  note: string | undefined
  proven: string
  accounts: { lead: string; account: AccountView }[]
  effectsTitle: string
  effects: string[]
  answers: AnswerView[]
}

/** Says what will happen, in words; nothing happens before its button is pressed. */
export function ConfirmDocument({ view }: { view: ConfirmView }) {
  return (
    <LinkingDocument {...view}>
      {view.note && (
        <p className="note" role="status">
          {view.note}
        </p>
      )}
      <p>{view.proven}</p>
      {view.accounts.map(({ lead, account }) => (
        <p key={lead}>
          {`${lead} `}
          <AccountName account={account} />.
        </p>
      ))}
      <h2>{view.effectsTitle}</h2>
      <ul>
        {view.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      {view.answers.map((answer) => (
        <AnswerForm key={answer.label} answer={answer} />
      ))}
    </LinkingDocument>
  )
}
