/** Fields by name, as a form posts them; those that are undefined are left out. */
export type HiddenFields = Record<string, string | undefined>

/** The hidden fields of a form. */
export function Hidden({ fields }: { fields: HiddenFields }) {
  return Object.entries(fields).map(
    ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
  )
}

/** A form of one button. */
export interface AnswerView {
  label: string
  /** Path of ours. */
  action: string
  fields: HiddenFields
}

/**
 * One button, and what it posts.
 *
 * @param isMain - Whether it is the one thing that the page is about.
 */
export function AnswerForm({ answer, isMain = false }: { answer: AnswerView; isMain?: boolean }) {
  return (
    <form method="post" action={answer.action}>
      <Hidden fields={answer.fields} />
      <SubmitButton label={answer.label} isMain={isMain} />
    </form>
  )
}

/** A button of a form. */
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
