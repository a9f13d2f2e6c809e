import { AccountName, type AccountView } from './account-name'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'
import { SignOutNote, type SignOutView } from './sign-out-note'

/** Everything a page that says no says. */
export interface RefusalView extends FrameView {
  title: string
  code: string
  what: string
  /** Which accounts the refusal is about, if it is about any. */
  accounts: { lead: string; account: AccountView }[]
  next: string
  signOut: SignOutView | undefined
  answers: AnswerView[]
  /** If there is nothing to answer: a link to a new sign-in, or back to the question. */
  links: { label: string; href: string }[]
  reference: { label: string; value: string }
}

/** Says what happened, what to do next, and how the sign-in goes on. */
export function RefusalDocument({ view }: { view: RefusalView }) {
  return (
    <LinkingDocument {...view} errorCode={view.code}>
      <p>{view.what}</p>
      {view.accounts.map(({ lead, account }) => (
        <p key={lead}>
          {`${lead} `}
          <AccountName account={account} />.
        </p>
      ))}
      <p>{view.next}</p>
      {view.signOut && <SignOutNote signOut={view.signOut} />}
      {view.answers.map((answer) => (
        <AnswerForm key={answer.label} answer={answer} />
      ))}
      {view.links.map(({ label, href }) => (
        <p key={href}>
          <a className="button" href={href}>
            {label}
          </a>
        </p>
      ))}
      <p className="soft">
        {view.reference.label}: <bdi>{view.reference.value}</bdi>
      </p>
    </LinkingDocument>
  )
}
