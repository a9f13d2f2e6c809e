import type { ReactNode } from 'react'
import { ProviderMark, type ProviderMarkName } from './provider-mark'

/** An account as a person knows it. */
export interface AccountView {
  /** What the provider calls itself: "Google", "Email and password". */
  provider: string
  mark: ProviderMarkName
  /** An address, user name or number; absent if none is known. */
  label?: string | undefined
  /** What else tells it from another account of that name, such as "created 5 March 2023". */
  further?: string | undefined
}

/** An account on a tile, with the part it plays on this page. */
export interface TileView {
  account: AccountView
  /** Such as "Stays". */
  tag?: string | undefined
}

interface TileProps {
  tile: TileView
  /** A word beside the name. */
  badge?: string | undefined
  /** Further lines, `<span>` each. */
  children?: ReactNode
}

/** What stands on a tile: mark, provider, address, and the part it plays. Names are isolated, so that they cannot turn the words around them. */
export function Tile({ tile: { account, tag }, badge, children }: TileProps) {
  const { provider, mark, label, further } = account
  return (
    <>
      <span className="mark">
        <ProviderMark name={mark} />
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

/** Accounts, one below the other. */
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
