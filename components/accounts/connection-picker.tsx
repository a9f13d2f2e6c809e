import { type AccountView, Tile } from '../ui/account-tile'
import { Section } from '../ui/section'

/** A connection that the person can choose. */
export interface ConnectionChoice {
  /** The connection's name, which the form sends. */
  value: string
  account: AccountView
}

/** The connections that the person can add, each as a button that leads to the tenant. */
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
    <Section id="connect" title={title}>
      {remarks.map((remark) => (
        <p key={remark} className="quiet">
          {remark}
        </p>
      ))}
      {choices.length > 0 && (
        <form action={action} method="post" className="tiles overflow-hidden">
          {choices.map(({ value, account }) => (
            <button
              key={value}
              type="submit"
              name="connection"
              value={value}
              className="tile w-full cursor-pointer text-start hover:bg-sunken focus-visible:-outline-offset-3"
            >
              <Tile tile={{ account }} />
              <svg viewBox="0 0 24 24" aria-hidden="true" className="size-5 opacity-75 rtl:-scale-x-100">
                <path
                  d="m9 5 7 7-7 7"
                  fill="none"
                  stroke="currentColor"
                  strokeWidth="2"
                  strokeLinecap="round"
                />
              </svg>
            </button>
          ))}
        </form>
      )}
    </Section>
  )
}
