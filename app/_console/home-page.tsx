import { ActButtons } from '@/components/console/act-button'
import { FoundAccounts } from '@/components/console/found-accounts'
import { OutcomeNote } from '@/components/console/outcome-note'
import { SearchForm } from '@/components/console/search-form'
import { toAccountLine } from '@/lib/console/account-line'
import { ACT_NAMES } from '@/lib/console/acts/act'
import { personPath, SIGN_OUT } from '@/lib/console/paths'
import { fromReference, toReference } from '@/lib/console/references'
import { findAccounts, SearchText } from '@/lib/console/search'
import { isSwitchedOn } from '@/lib/link-flow/offer-switch'
import { funnelSection } from './funnel-section'
import { outcomeIn } from './outcome'
import type { ConsolePage } from './page-shape'
import { queueSection } from './queue-section'
import type { Operator } from './services'

/** The console's first page: the search form, the accounts found, the switch for offers, the funnel, and the plans in the queue. */
export async function homePage(
  { services, session }: Operator,
  query: URLSearchParams,
): Promise<ConsolePage> {
  const wanted = await fromReference(
    services,
    session,
    'search',
    query.get('search') ?? undefined,
    SearchText,
  )
  const found = wanted === undefined ? undefined : await findAccounts(services.managementApi(), wanted)
  const lines =
    found &&
    (await Promise.all(
      found.map(async (account) => ({
        ...toAccountLine(account),
        href: await personPath(services, session, account.user_id),
      })),
    ))
  const outcome = outcomeIn(query)
  const [funnel, queue] = await Promise.all([funnelSection(services, query), queueSection(services)])
  const isPausable = services.redisUrl !== undefined
  const switched = (await isSwitchedOn(services)) ? 'pause-offers' : 'resume-offers'
  const what = isPausable && (await toReference(services, session, 'act', { kind: switched, userId: '' }))
  return {
    errorCode: outcome?.code,
    title: 'Console',
    body: (
      <>
        <h1>Console</h1>
        <OutcomeNote outcome={outcome} />
        <SearchForm />
        {lines && <FoundAccounts accounts={lines} />}
        {what && (
          <section aria-labelledby="offers">
            <h2 id="offers">Offers</h2>
            <p>{offersText(services.isOfferOn, switched === 'pause-offers')}</p>
            <ActButtons acts={[{ label: ACT_NAMES[switched], reference: what }]} />
          </section>
        )}
        {funnel}
        {queue}
        <form method="post" action={SIGN_OUT} className="form">
          <button type="submit" className="button">
            Sign out
          </button>
        </form>
      </>
    ),
  }
}

function offersText(isOfferOn: boolean, isSwitchOn: boolean): string {
  if (!isSwitchOn) return 'Offers are paused.'
  return isOfferOn ? 'Logins offer to link accounts.' : 'OFFER is off, so no login offers to link accounts.'
}
