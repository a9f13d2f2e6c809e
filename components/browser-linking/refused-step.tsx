/** Says why a step failed and what to do next, and shows the error code. */
export function RefusedStep({
  code,
  codeWord,
  words: { title, what, next },
}: {
  code: string
  codeWord: string
  words: { title: string; what: string; next: string }
}) {
  return (
    <div className="note warn">
      <p>
        <b>{title}</b>
      </p>
      <p>
        {what} {next}
      </p>
      <p className="small">
        {codeWord}: <code>{code}</code>
      </p>
    </div>
  )
}
