/** A list from which one value can be chosen. */
export interface FilterList {
  /** Name of the query parameter. */
  name: string
  label: string
  /** The value for everything is the empty text. */
  options: { value: string; label: string }[]
  chosen: string
}

/** The form that filters the funnel. It requests the console's first page, so it needs no script. */
export function FunnelFilter({ lists }: { lists: FilterList[] }) {
  return (
    <form method="get" action="/console#funnel" className="filter">
      {lists.map(({ name, label, options, chosen }) => (
        <label key={name}>
          <span>{label}</span>
          <select name={name} defaultValue={chosen}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button type="submit" className="button">
        Show
      </button>
    </form>
  )
}
