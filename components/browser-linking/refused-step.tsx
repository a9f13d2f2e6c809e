/** Why a step was not taken, and what to do next; with its code for programs and for support. */
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
