import { FoundAccounts } from '@/components/console/found-accounts'
import { SearchForm } from '@/components/console/search-form'
import { toAccountLine } from '@/lib/console/account-line'
import { personPath } from '@/lib/console/paths'
import { fromReference } from '@/lib/console/references'
import { findAccounts, SearchText } from '@/lib/console/search'
import type { ConsolePage } from './console-page'
import type { Operator } from './services'

/** The console's first page: the search for an account, and what it found. */
export async function homePage(
  { services, session }: Operator,
  search: string | undefined,
): Promise<ConsolePage> {
  const what = await fromReference(services, session, 'search', search, SearchText)
  const found = what === undefined ? undefined : await findAccounts(services.managementApi(), what)
  const lines =
    found &&
    (await Promise.all(
      found.map(async (account) => ({
        ...toAccountLine(account),
        href: await personPath(services, session, account.user_id),
      })),
    ))
  return {
    title: 'Console',
    body: (
      <>
        <h1>Console</h1>
        <SearchForm />
        {lines && <FoundAccounts accounts={lines} />}
      </>
    ),
  }
}
