import type { ReactNode } from 'react'
import { ProviderIcon, type ProviderIconName } from './provider-icon'

/** An account in the form in which pages show it. */
export interface AccountView {
  /** The name of the sign-in method: "Google", "Email and password". */
  provider: string
  icon: ProviderIconName
  /** An email address, user name or phone number; absent if none is known. */
  label?: string | undefined
  /** A detail that distinguishes the account from another one with the same label, such as "created 5 March 2023". */
  further?: string | undefined
}

/** The content of a tile: an account, and the part it plays on the page. */
export interface TileView {
  account: AccountView
  /** The part that the account plays, such as "Stays". */
  tag?: string | undefined
}

interface TileProps {
  tile: TileView
  /** A word beside the name of the sign-in method. */
  badge?: string | undefined
  /** Further lines, each a `<span>`. */
  children?: ReactNode
}

/**
 * Renders the content of a tile. Names are in `<bdi>` elements, so that a right-to-left name does not change the direction of the
 * words around it.
 */
export function Tile({ tile: { account, tag }, badge, children }: TileProps) {
  const { provider, icon, label, further } = account
  return (
    <>
      <span className="mark">
        <ProviderIcon name={icon} />
      </span>
      <span className="who">
        <b>
          <bdi>{provider}</bdi>
          {badge && <span className="badge">{badge}</span>}
        </b>
        {label && (
          <span className="quiet">
            <bdi>{label}</bdi>
          </span>
        )}
        {further && <span className="quiet small">{further}</span>}
        {children}
      </span>
      {tag && <span className="tag">{tag}</span>}
    </>
  )
}

/** Shows accounts, one below the other. */
export function Tiles({ tiles }: { tiles: TileView[] }) {
  return (
    <ul className="tiles">
      {tiles.map((tile, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two accounts may look the same, and their order is fixed
        <li key={index} className="tile">
          <Tile tile={tile} />
        </li>
      ))}
    </ul>
  )
}
