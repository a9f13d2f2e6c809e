import type { ReactNode } from 'react'
import { AccountBadge } from './account-badge'
import type { AccountName } from './connected-account'

/** What a page says before something is done to accounts. */
export interface PreviewView {
  title: string
  lead?: string | undefined
  /** The accounts it is about, each under a few words. */
  accounts: { lead: string; account: AccountName }[]
  effectsTitle: string
  /** What will happen, a sentence each. */
  effects: string[]
}

/** What will happen, in words, above the buttons that do it. */
export function Preview({ view, children }: { view: PreviewView; children: ReactNode }) {
  return (
    <>
      <h1 className="text-2xl font-semibold sm:text-3xl">{view.title}</h1>
      {view.lead && <p className="mt-3 max-w-2xl text-quiet">{view.lead}</p>}
      <dl className="mt-8 grid gap-4 sm:grid-cols-2">
        {view.accounts.map(({ lead, account }) => (
          <div key={lead} className="rounded-2xl border border-edge bg-raised px-5 py-4">
            <dt className="text-sm text-quiet">{lead}</dt>
            <dd className="mt-3 flex gap-4">
              <AccountBadge account={account} />
            </dd>
          </div>
        ))}
      </dl>
      {view.effects.length > 0 && (
        <section aria-labelledby="effects" className="mt-8">
          <h2 id="effects" className="text-lg font-semibold">
            {view.effectsTitle}
          </h2>
          <ul className="mt-3 max-w-2xl list-disc space-y-2 pl-5 [overflow-wrap:anywhere]">
            {view.effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
        </section>
      )}
      <div className="mt-8 space-y-3">{children}</div>
    </>
  )
}
