import { Tiles, type TileView } from '../ui/account-tile'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'
import { SignOutLink, type SignOutView } from './sign-out'

/** The content of {@link RefusalDocument}. */
export interface RefusalView extends FrameView {
  title: string
  step?: string | undefined
  code: string
  what: string
  /** The accounts that the error is about; empty if it is about none. */
  tiles: TileView[]
  next: string
  signOut: Omit<SignOutView, 'tile'> | undefined
  /** Forms with one button each. The first one is the page's main action, unless there are links. */
  answers: AnswerView[]
  /** Links to a new sign-in or back to the prompt. They are shown before the forms. */
  links: { label: string; href: string }[]
  reference: string
}

/** The error page of a login. It says what happened, what to do next, and how the login continues. */
export function RefusalDocument({ view }: { view: RefusalView }) {
  return (
    <LinkingDocument {...view} errorCode={view.code}>
      <p>{view.what}</p>
      {view.tiles.length > 0 && <Tiles tiles={view.tiles} />}
      <p className="quiet">{view.next}</p>
      {view.signOut && <SignOutLink {...view.signOut} />}
      <div className="answers">
        {view.links.map(({ label, href }) => (
          <a key={href} className="button main" href={href}>
            {label}
          </a>
        ))}
        {view.answers.map((answer, index) => (
          <AnswerForm key={answer.label} answer={answer} isMain={view.links.length + index === 0} />
        ))}
      </div>
      <p className="quiet small">{view.reference}</p>
    </LinkingDocument>
  )
}
