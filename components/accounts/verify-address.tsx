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
    <section aria-labelledby="verify" className="mt-12 rounded-2xl bg-warn-soft px-5 py-4 text-warn sm:px-6">
      <h2 id="verify" className="text-lg font-semibold">
        {view.title}
      </h2>
      <p className="mt-2 max-w-2xl [overflow-wrap:anywhere]">{view.what}</p>
      {action && (
        <form action={action} className="mt-4">
          <Button look="plain">{view.button}</Button>
        </form>
      )}
    </section>
  )
}
