import { Button } from '../ui/button'
import { AccountBadge } from './account-badge'
import type { AccountName } from './connected-account'

/** A form's target: an address of ours, or a server action. */
type Action = string | ((form: FormData) => Promise<void>)

/** What can be done about a suggestion: a button each. */
export interface SuggestionForm {
  label: string
  /** The label for screen readers, which don't show which account the button is beside. */
  name: string
  action: Action
  field: { name: string; value: string }
  look: 'strong' | 'plain'
}

/** An account that may be the person's own. */
export interface SuggestionView {
  key: string
  account: AccountName
  /** What stands against it, if it cannot be connected. */
  remark?: string
  forms: SuggestionForm[]
}

/** Accounts that may be the person's own, or that they said no to. */
export function SuggestionList({
  id,
  title,
  lead,
  suggestions,
}: {
  id: string
  title: string
  lead?: string
  suggestions: SuggestionView[]
}) {
  return (
    <section aria-labelledby={id} className="mt-12">
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      {lead && <p className="mt-2 max-w-2xl text-quiet">{lead}</p>}
      <ul className="mt-4 divide-y divide-edge rounded-2xl border border-edge bg-raised">
        {suggestions.map(({ key, account, remark, forms }) => (
          <li key={key} className="px-5 py-5 sm:px-6">
            <div className="flex gap-4">
              <AccountBadge account={account} />
            </div>
            {remark && <p className="mt-3 max-w-2xl text-quiet sm:ml-15">{remark}</p>}
            <div className="mt-4 flex flex-wrap gap-3 sm:ml-15">
              {forms.map((form) => (
                <form
                  key={form.label}
                  action={form.action}
                  {...(typeof form.action === 'string' && { method: 'post' })}
                >
                  <input type="hidden" name={form.field.name} value={form.field.value} />
                  <Button look={form.look} aria-label={form.name}>
                    {form.label}
                  </Button>
                </form>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
