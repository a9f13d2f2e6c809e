import { type AccountView, Tile } from '../ui/account-tile'
import { Button } from '../ui/button'
import { Section } from '../ui/section'

/** A form's target: an address of ours, or a server action. */
type Action = string | ((form: FormData) => Promise<void>)

/** What can be done about a suggestion: a button each. */
export interface SuggestionForm {
  label: string
  /** The label for screen readers, which don't show which account the button is beside. */
  name: string
  action: Action
  field: { name: string; value: string }
  look: 'main' | 'plain'
}

/** An account that may be the person's own. */
export interface SuggestionView {
  key: string
  account: AccountView
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
    <Section id={id} title={title}>
      {lead && <p className="quiet">{lead}</p>}
      <ul className="tiles">
        {suggestions.map(({ key, account, remark, forms }) => (
          <li key={key} className="tile">
            <Tile tile={{ account }}>{remark && <span className="quiet small">{remark}</span>}</Tile>
            {forms.length > 0 && (
              <span className="acts">
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
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
