/** Hidden form fields, by name. Fields that are undefined are left out. */
export type HiddenFields = Record<string, string | undefined>

/** Renders hidden form fields. */
export function Hidden({ fields }: { fields: HiddenFields }) {
  return Object.entries(fields).map(
    ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
  )
}

/** A form with one button. */
export interface AnswerView {
  label: string
  /** The path to which the form posts. */
  action: string
  fields: HiddenFields
}

/**
 * Renders a form with one button.
 *
 * @param isMain - Whether it is the page's main action.
 */
export function AnswerForm({ answer, isMain = false }: { answer: AnswerView; isMain?: boolean }) {
  return (
    <form method="post" action={answer.action}>
      <Hidden fields={answer.fields} />
      <SubmitButton label={answer.label} isMain={isMain} />
    </form>
  )
}

/** The submit button of a form. */
export function SubmitButton({ label, isMain }: { label: string; isMain: boolean }) {
  return (
    <button className={isMain ? 'button main' : 'button'} type="submit">
      {label}
    </button>
  )
}

/** Buttons of equal weight, side by side if there is room. */
export function AnswerPair({ answers }: { answers: AnswerView[] }) {
  return (
    <div className="pair">
      {answers.map((answer) => (
        <AnswerForm key={answer.label} answer={answer} />
      ))}
    </div>
  )
}
