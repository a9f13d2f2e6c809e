import { Tiles, type TileView } from '../ui/account-tile'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'
import { SignOutLink, type SignOutView } from './sign-out'

/** Everything a page that says no says. */
export interface RefusalView extends FrameView {
  title: string
  step?: string | undefined
  code: string
  what: string
  /** Which accounts the refusal is about, if it is about any. */
  tiles: TileView[]
  next: string
  signOut: Omit<SignOutView, 'tile'> | undefined
  /** The first one is the page's main action. */
  answers: AnswerView[]
  /** A link to a new sign-in, or back to the question. It comes before the answers. */
  links: { label: string; href: string }[]
  reference: string
}

/** Says what happened, what to do next, and how the sign-in goes on. */
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
