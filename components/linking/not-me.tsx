import { Effects } from '../ui/effects'
import { AnswerForm, type AnswerView } from './answer-form'
import { type FrameView, LinkingDocument } from './document'

/** The content of {@link NotMeDocument}. */
export interface NotMeView extends FrameView {
  title: string
  /** Set if the link in the mail cannot be used. */
  errorCode?: string
  what: string
  /** What happens if the button is pressed, or what was done. */
  effects: string[]
  /** The one button; undefined if there is nothing to press. */
  act: AnswerView | undefined
  note: string | undefined
  link: { label: string; href: string } | undefined
}

/** Asks the reader of a mail to confirm "This wasn't me", or says what was done after that. */
export function NotMeDocument({ view }: { view: NotMeView }) {
  const { what, effects, act, note, link } = view
  return (
    <LinkingDocument {...view}>
      <p role={act ? undefined : 'status'}>{what}</p>
      {effects.length > 0 && <Effects effects={effects} />}
      <div className="answers">
        {act && <AnswerForm answer={act} isMain />}
        {link && (
          <a className={act ? 'button' : 'button main'} href={link.href}>
            {link.label}
          </a>
        )}
      </div>
      {note && <p className="quiet">{note}</p>}
    </LinkingDocument>
  )
}
