/** Lists what an act will do, and shows the form that carries it out. */
export function ActForm({
  effects,
  button,
  reference,
  digest,
  longest,
}: {
  effects: string[]
  button: string
  /** The act, sealed (encrypted). */
  reference: string
  /**
   * The digest of the plan that is shown. If the plan has changed when the operator submits the form, the act is refused.
   */
  digest: string
  /** The most characters that the reason may have. */
  longest: number
}) {
  return (
    <>
      <h2>What will happen</h2>
      <ul>
        {effects.map((effect) => (
          <li key={effect}>
            <bdi>{effect}</bdi>
          </li>
        ))}
      </ul>
      <form method="post" action="/console/act" className="form">
        <input type="hidden" name="what" value={reference} />
        <input type="hidden" name="digest" value={digest} />
        <label htmlFor="reason">Reason</label>
        <input id="reason" name="reason" required maxLength={longest} autoComplete="off" className="field" />
        <button type="submit" className="button main">
          {button}
        </button>
      </form>
    </>
  )
}
