/** A button that leads to the preview of an act (a change by an operator). */
export interface ActLink {
  label: string
  /** The act, sealed (encrypted). */
  reference: string
}

/** Buttons for acts. Each opens the preview of its act with a GET request, which changes nothing. */
export function ActButtons({ acts }: { acts: ActLink[] }) {
  if (acts.length === 0) return null
  return (
    <span className="acts">
      {acts.map(({ label, reference }) => (
        <form key={label} method="get" action="/console/act">
          <input type="hidden" name="what" value={reference} />
          <button type="submit" className="button">
            {label}
          </button>
        </form>
      ))}
    </span>
  )
}
