import { type AccountView, Tile } from '../ui/account-tile'
import { Button } from '../ui/button'
import { Section } from '../ui/section'

/** A form's target: one of our own URLs, or a server action. */
type Action = string | ((form: FormData) => Promise<void>)

/** A form with one button, with which the person can connect or decline a suggested account, or take a decline back. */
export interface SuggestionForm {
  label: string
  /** The button's label for screen readers. It names the account, because the listener cannot see what the button is beside. */
  name: string
  action: Action
  field: { name: string; value: string }
  look: 'main' | 'plain'
}

/** An account that may be the person's own. */
export interface SuggestionView {
  key: string
  account: AccountView
  /** Why the account cannot be connected, if that is the case. */
  remark?: string
  forms: SuggestionForm[]
}

/** A list of accounts that may be the person's own, or that they declined. */
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
