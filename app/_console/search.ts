import 'server-only'
import { HOME, personPath } from '@/lib/console/paths'
import { toReference } from '@/lib/console/references'
import { findAccounts, MAX_SEARCH_CHARACTERS } from '@/lib/console/search'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage } from '@/lib/http/redirects'
import type { Operator } from './services'

/** `POST /console/search`: finds accounts. The searched text is sealed before it becomes part of a URL. */
export async function search({ services, session }: Operator, request: Request): Promise<Response> {
  const what = ((await formFields(request.clone())).get('what') ?? '').trim().slice(0, MAX_SEARCH_CHARACTERS)
  const [first, ...others] = await findAccounts(services.managementApi(), what)
  if (first && others.length === 0)
    return redirectToPage(services, await personPath(services, session, first.user_id))
  return redirectToPage(services, HOME, { search: await toReference(services, session, 'search', what) })
}
