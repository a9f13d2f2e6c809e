/** The parameter of an address that shows the languages. */
export const SHOW_LANGUAGES = 'languages'

/** A language that can be chosen. */
export interface LanguageOption {
  /** BCP 47. */
  tag: string
  /** What its readers call it. */
  name: string
}

/** The form that chooses the language of a page. */
export interface LanguageFormView {
  label: string
  submit: string
  /** Empty if the form asks for them first. */
  languages: LanguageOption[]
  /** Tag of the page's language. */
  current: string
  /** What the page's address says besides, by parameter. */
  fields: [name: string, value: string][]
}

/**
 * Chooses the language: asks for the same page again, which needs no script. Takes part in the style of what frames it, a footer.
 *
 * @param view - Undefined if there is nothing to choose.
 */
export function LanguageForm({ view }: { view: LanguageFormView | undefined }) {
  if (!view) return null
  return (
    <form className="languages">
      {view.fields.map(([name, value]) => (
        <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
      ))}
      {view.languages.length === 0 ? (
        <button type="submit" name={SHOW_LANGUAGES} value="1">
          {view.label}
        </button>
      ) : (
        <Choice view={view} />
      )}
    </form>
  )
}

function Choice({ view }: { view: LanguageFormView }) {
  return (
    <>
      <label>
        <span>{view.label}</span>{' '}
        <select name="lang" defaultValue={view.current} key={view.current}>
          {view.languages.map(({ tag, name }) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>{' '}
      <button type="submit">{view.submit}</button>
    </>
  )
}
