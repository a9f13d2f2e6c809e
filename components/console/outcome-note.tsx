/** Shows the outcome of the operator's last act. */
export function OutcomeNote({
  outcome,
}: {
  outcome: { text: string; code: string | undefined } | undefined
}) {
  if (!outcome) return null
  return (
    <p role="status" className={outcome.code ? 'note warn' : 'note'}>
      {outcome.text}
    </p>
  )
}
