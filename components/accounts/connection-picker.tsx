import type { AccountName } from './connected-account'
import { ProviderMark } from './provider-mark'

/** A connection to choose. */
export interface ConnectionChoice extends Omit<AccountName, 'label'> {
  /** The connection's name, as the form sends it. */
  value: string
}

/** What can be connected: a button each, which leave for the tenant. */
export function ConnectionPicker({
  title,
  remarks,
  action,
  choices,
}: {
  title: string
  remarks: string[]
  action: string
  choices: ConnectionChoice[]
}) {
  return (
    <section aria-labelledby="connect" className="mt-12">
      <h2 id="connect" className="text-lg font-semibold">
        {title}
      </h2>
      {remarks.map((remark) => (
        <p key={remark} className="mt-2 max-w-2xl text-quiet">
          {remark}
        </p>
      ))}
      {choices.length > 0 && (
        <form action={action} method="post" className="mt-4 grid gap-3 sm:grid-cols-2">
          {choices.map(({ value, provider, mark }) => (
            <button
              key={value}
              type="submit"
              name="connection"
              value={value}
              className="flex min-h-14 cursor-pointer items-center gap-4 rounded-2xl border border-edge bg-raised px-5 py-3 text-left font-medium hover:bg-sunken"
            >
              <ProviderMark name={mark} />
              <bdi className="min-w-0 [overflow-wrap:anywhere]">{provider}</bdi>
            </button>
          ))}
        </form>
      )}
    </section>
  )
}
