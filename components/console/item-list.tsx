import { ActButtons, type ActLink } from './act-button'
import { Facts } from './facts'

/** One entry of a section. */
export interface ItemView {
  key: string
  title: string
  facts: [name: string, value: string][]
  acts: ActLink[]
  /** URL of the same page with the values of this entry shown. */
  valuesHref?: string | undefined
}

/** The entries of a section, or a sentence if there is none. */
export function ItemList({ items, none }: { items: ItemView[]; none: string }) {
  if (items.length === 0) return <p className="quiet">{none}</p>
  return (
    <ul className="tiles">
      {items.map(({ key, title, facts, acts, valuesHref }) => (
        <li key={key} className="tile">
          <span className="who">
            {title && (
              <b>
                <bdi>{title}</bdi>
              </b>
            )}
            <Facts facts={facts} />
          </span>
          {valuesHref && (
            <span className="acts">
              <a href={valuesHref} className="button">
                Show values
              </a>
            </span>
          )}
          <ActButtons acts={acts} />
        </li>
      ))}
    </ul>
  )
}
