import { ItemList } from '@/components/console/item-list'
import type { ConsoleServices } from '@/lib/console/services'
import { timeText } from '@/lib/console/views/dates'
import { type QueuedPlan, readQueuedPlans } from '@/lib/jobs/queued-plans'

/** The section of the console's first page with the plans of `npm run duplicates` whose pairs are in the queue. */
export async function queueSection({ redisUrl }: ConsoleServices) {
  const plans = redisUrl === undefined ? 'no_redis' : await readQueuedPlans(redisUrl)
  return (
    <section aria-labelledby="queue">
      <h2 id="queue">Duplicates in the queue</h2>
      {plans === 'no_redis' && (
        <p>Pairs of a plan wait for workers in Redis only. Set REDIS_URL to have that.</p>
      )}
      {plans === undefined && (
        <p className="note warn">Redis does not respond, so the queue cannot be shown.</p>
      )}
      {Array.isArray(plans) && (
        <ItemList items={plans.map(itemOf)} none="No “duplicates -- apply --queue” has pairs in the queue." />
      )}
    </section>
  )
}

const itemOf = ({ planId, counts, since }: QueuedPlan) => ({
  ...{ key: planId, title: `Plan ${planId}`, acts: [] },
  facts: [
    ['Waiting', String(counts.waiting)],
    ['Active', String(counts.active)],
    ['Done, not yet taken by the command', String(counts.done)],
    ['Failed', String(counts.failed)],
    ['In the queue since', timeText(since)],
  ] satisfies [string, string][],
})
