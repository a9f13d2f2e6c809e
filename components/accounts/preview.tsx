import type { ReactNode } from 'react'
import { Tiles, type TileView } from '../ui/account-tile'
import { Effects } from '../ui/effects'

/** What a confirmation page says before accounts are changed. */
export interface PreviewView {
  step?: string
  title: string
  lead?: string | undefined
  tiles: TileView[]
  effectsTitle: string
  /** What will happen, one sentence each. */
  effects: string[]
}

/** Says what will happen, above the buttons that do it. */
export function Preview({ view, children }: { view: PreviewView; children: ReactNode }) {
  return (
    <>
      {view.step && <p className="quiet small">{view.step}</p>}
      <h1>{view.title}</h1>
      {view.lead && <p className="quiet">{view.lead}</p>}
      <Tiles tiles={view.tiles} />
      <h2 className="mt-5">{view.effectsTitle}</h2>
      <Effects effects={view.effects} />
      {children}
    </>
  )
}
