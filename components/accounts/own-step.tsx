import { Button } from '../ui/button'

/** Something that the person should do with their own account, such as verifying their email address. */
export interface OwnStepView {
  /** The HTML id of the heading. */
  id: string
  title: string
  what: string
  button: string
}

/** Says what the person should do. It has a button if they can do that from this page. */
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
