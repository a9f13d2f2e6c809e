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

/** One button, and what it posts. Every answer looks the same, so that none is pushed. */
export function AnswerForm({ answer }: { answer: AnswerView }) {
  return (
    <form method="post" action={answer.action}>
      <Hidden fields={answer.fields} />
      <button className="button" type="submit">
        {answer.label}
      </button>
    </form>
  )
}
