import { z } from 'zod'
import { ActButtons } from '@/components/console/act-button'
import { Facts } from '@/components/console/facts'
import { ItemList } from '@/components/console/item-list'
import { OutcomeNote } from '@/components/console/outcome-note'
import { ButtonLink } from '@/components/ui/button-link'
import { Section } from '@/components/ui/section'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { ACT_NAMES, type OperatorAct } from '@/lib/console/acts/act'
import { noteLook } from '@/lib/console/audit'
import { HOME } from '@/lib/console/paths'
import { type ConsoleAccount, readPerson } from '@/lib/console/person'
import { fromReference, toReference } from '@/lib/console/references'
import { personView } from '@/lib/console/views/person-view'
import { outcomeIn } from './outcome'
import type { ConsolePage } from './page-shape'
import type { Operator } from './services'

/** The page of an account, with everything that the console shows about it. Each view by an operator is recorded. */
export async function personPage(
  { services, session }: Operator,
  reference: string | undefined,
  query: URLSearchParams,
): Promise<ConsolePage | undefined> {
  const userId = await fromReference(services, session, 'person', reference, z.string())
  if (userId === undefined) return undefined
  await noteLook(services, session, userId, 'looked at the account')
  const shown = await fromReference(services, session, 'values', query.get('values') ?? undefined, z.string())
  if (shown !== undefined) await noteLook(services, session, userId, 'saw the values that a link has kept')
  const person = await readPerson(services, services.managementApi(), userId).catch(gone)
  if (!person) return GONE
  const view = personView(services, person, shown)
  const links = (acts: OperatorAct[]) =>
    Promise.all(
      acts.map(async (act) => ({
        label: ACT_NAMES[act.kind],
        reference: await toReference(services, session, 'act', act),
      })),
    )
  const sections = await Promise.all(
    view.sections.map(async (section) => ({
      ...section,
      items: await Promise.all(
        section.items.map(async (item) => ({
          ...item,
          acts: await links(item.acts),
          valuesHref: item.values && `?values=${await toReference(services, session, 'values', item.values)}`,
        })),
      ),
    })),
  )
  const outcome = outcomeIn(query)
  const acts = await links(view.acts)
  return {
    title: 'Account',
    errorCode: outcome?.code,
    body: (
      <>
        <p className="small">
          <a href={HOME} className="touch">
            Search again
          </a>
        </p>
        <h1>
          <bdi>{view.title}</bdi>
        </h1>
        <OutcomeNote outcome={outcome} />
        <Facts facts={view.facts} />
        <ActButtons acts={acts} />
        {sections.map(({ id, title, items, none }) => (
          <Section key={id} id={id} title={title}>
            <ItemList items={items} none={none} />
          </Section>
        ))}
      </>
    ),
  }
}

function gone(error: unknown): ConsoleAccount | undefined {
  if (error instanceof ManagementApiError && error.code === 'not_found') return undefined
  throw error
}

const GONE: ConsolePage = {
  title: 'This account is gone',
  errorCode: 'not_available',
  body: (
    <>
      <h1>This account is gone</h1>
      <p>It was removed, or it is part of another account now. Search for its user ID to find that one.</p>
      <ButtonLink href={HOME} look="main">
        Search again
      </ButtonLink>
    </>
  ),
}
