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
    <div className="rounded-2xl bg-warn-soft px-5 py-4 text-warn">
      <p className="font-semibold">{title}</p>
      <p>
        {what} {next}
      </p>
      <p className="mt-2 text-sm">
        {codeWord}: <code className="font-mono">{code}</code>
      </p>
    </div>
  )
}
