import { Button } from '../ui/button'

/** What the page says about an address that is not confirmed. */
export interface VerifyAddressView {
  title: string
  what: string
  button: string
}

/** Says that the own address is not confirmed yet, and sends the mail that confirms it if that can be done. */
export function VerifyAddress({
  view,
  action,
}: {
  view: VerifyAddressView
  action: (() => Promise<void>) | undefined
}) {
  return (
    <section aria-labelledby="verify" className="note warn">
      <h2 id="verify" className="mt-1">
        {view.title}
      </h2>
      <p>{view.what}</p>
      {action && (
        <form action={action} className="mt-3">
          <Button look="plain">{view.button}</Button>
        </form>
      )}
    </section>
  )
}
