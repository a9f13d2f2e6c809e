import { FunnelChart, type FunnelView } from '@/components/console/funnel-chart'
import { FunnelFilter } from '@/components/console/funnel-filter'
import { FUNNEL_DAYS, type Funnel, funnelOf } from '@/lib/console/funnel'
import type { ConsoleServices } from '@/lib/console/services'
import { FUNNEL_STEPS, type FunnelStepName } from '@/lib/observability/funnel-step'

/** What each step means, for operators. */
const MEANS: Record<FunnelStepName, string> = {
  offered: 'a prompt was about to appear',
  proven: 'the person signed in to the other account',
  answered: 'the person agreed',
  linked: 'the accounts were linked, at a login or elsewhere',
  declined: 'the person said no',
  failed: 'a step was refused, or failed',
}

/** The section of the console's first page with the funnel of the last 30 days. */
export async function funnelSection(services: ConsoleServices, query: URLSearchParams) {
  const wanted = {
    application: query.get('application') ?? '',
    connection: query.get('connection') ?? '',
  }
  const funnel = await funnelOf(services, wanted, new Date())
  return (
    <section aria-labelledby="funnel">
      <h2 id="funnel">Funnel of the last {FUNNEL_DAYS} days</h2>
      {funnel === 'no_redis' && <p>The funnel is counted in Redis. Set REDIS_URL to have one.</p>}
      {funnel === 'unread' && (
        <p className="note warn">Redis does not respond, so the funnel cannot be shown.</p>
      )}
      {typeof funnel === 'object' && (
        <>
          <FunnelFilter lists={listsOf(services, funnel)} />
          <FunnelChart {...viewOf(funnel)} />
        </>
      )}
    </section>
  )
}

const viewOf = ({ days, totals }: Funnel): FunnelView => ({
  steps: FUNNEL_STEPS.map((step) => ({ name: step, means: MEANS[step], total: totals[step] })),
  days: days.map(({ day, counts }) => ({ day, counts: FUNNEL_STEPS.map((step) => counts[step]) })),
  drawn: { offered: FUNNEL_STEPS.indexOf('offered'), linked: FUNNEL_STEPS.indexOf('linked') },
})

function listsOf({ sessionClient, linkProof }: ConsoleServices, funnel: Funnel) {
  const { applications, connections, chosen } = funnel
  const own = new Map([
    [linkProof.client_id, 'operators'],
    [sessionClient.id, 'page “Sign-in methods”'],
  ])
  const label = (id: string) => (own.has(id) ? `${id}, ${own.get(id)}` : id)
  return [
    {
      ...{ name: 'application', label: 'Application', chosen: chosen.application },
      options: [
        { value: '', label: 'All' },
        ...applications.map((value) => ({ value, label: label(value) })),
      ],
    },
    {
      ...{ name: 'connection', label: 'Connection', chosen: chosen.connection },
      options: [{ value: '', label: 'All' }, ...connections.map((value) => ({ value, label: value }))],
    },
  ]
}
