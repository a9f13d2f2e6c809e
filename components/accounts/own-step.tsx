import { Button } from '../ui/button'

/** Something that the person should do about their own account. */
export interface OwnStepView {
  /** Names the section in the page. */
  id: string
  title: string
  what: string
  button: string
}

/** Says what the person should do, with the button that does it, if it can be done here. */
export function OwnStep({
  view: { id, title, what, button },
  action,
}: {
  view: OwnStepView
  action: (() => Promise<void>) | undefined
}) {
  return (
    <section aria-labelledby={id} className="note warn">
      <h2 id={id} className="mt-1">
        {title}
      </h2>
      <p>{what}</p>
      {action && (
        <form action={action} className="mt-3">
          <Button look="plain">{button}</Button>
        </form>
      )}
    </section>
  )
}
