import { AccountName, type AccountView } from './account-name'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** Everything the page about a sign-in that this browser is not in the middle of says. */
export interface AnotherSignInView extends FrameView {
  title: string
  what: string
  lead: string
  account: AccountView
  answer: AnswerView
}

/** Says whose sign-in an address goes on with, and asks for a click. */
export function AnotherSignInDocument({ view }: { view: AnotherSignInView }) {
  return (
    <LinkingDocument {...view}>
      <p role="status">
        {`${view.lead} `}
        <AccountName account={view.account} />.
      </p>
      <p>{view.what}</p>
      <AnswerForm answer={view.answer} />
    </LinkingDocument>
  )
}
