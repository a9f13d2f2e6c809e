/** The query parameter that makes a page list the languages. */
export const SHOW_LANGUAGES = 'languages'

/** A language that the person can choose. */
export interface LanguageOption {
  /** BCP 47 tag. */
  tag: string
  /** The language's name in the language itself. */
  name: string
}

/** The form that chooses the language of a page. */
export interface LanguageFormView {
  label: string
  submit: string
  /** Empty if the form shows only a button that reloads the page with the list of languages. */
  languages: LanguageOption[]
  /** Tag of the page's language. */
  current: string
  /** The other query parameters of the page's URL, which the form keeps. */
  fields: [name: string, value: string][]
}

/**
 * The form that chooses the language. It requests the same page again, so it needs no script. The footer around it determines its
 * style.
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
