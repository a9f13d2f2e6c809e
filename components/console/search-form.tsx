/** The form to search for an account. It uses POST, so that an email address never becomes part of a URL. */
export function SearchForm() {
  return (
    <form method="post" action="/console/search" className="form">
      <label htmlFor="what">Email or user ID</label>
      <input
        id="what"
        name="what"
        required
        maxLength={600}
        autoComplete="off"
        spellCheck={false}
        className="field"
      />
      <button type="submit" className="button main">
        Search
      </button>
    </form>
  )
}
