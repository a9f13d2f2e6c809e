import { type Findings, inTurns } from '../figure'
import { type Asked, ask, LOAD_SECONDS, requestsPerSecond } from '../load'
import { ON_ONE_CORE } from '../probe'
import { sharesOf } from '../profile'
import { startBare } from '../servers'
import type { Stage } from '../stage'
import { latencyOf, steadily } from '../steadily'

const ROUNDS = 3
/** Requests until all code of `/link` is compiled. For other code the first round of `inTurns`, left out, is enough. */
const WARM_UP = 6_000
/** Seconds at an even pace: long enough for several full garbage collections. */
const EVEN_SECONDS = 8
/** More addresses of `/link` than we or the bare server can use during a measurement. */
const LINKS = 10_000
const BARE_LINKS = 60_000
/** Flows that share the load of the prompt, because each may be viewed at most sixty times a minute. */
const FLOWS = 250

/** How many requests one process on one core answers, how evenly, and what it spends its time on. */
export async function throughput(stage: Stage): Promise<Findings> {
  const { demo, floor, newLinks, probe } = stage
  // A new process, like those of the other servers, which have done nothing else.
  await demo.crashApp()
  const flows = await openFlows(stage, demo.app, FLOWS)
  const framework = await floor.start(ON_ONE_CORE)
  const bare = await startBare({
    ...ON_ONE_CORE,
    SHARED_SECRET: demo.env.SESSION_TOKEN_SHARED_SECRET ?? '',
    DOCUMENT: await documentOf(demo.app, flows[0]),
  })
  const links = async (count = LINKS) =>
    (await newLinks(count)).map((link) => ({ path: link.slice(demo.app.length) }))
  try {
    await ask(demo.app, await links(WARM_UP), 303)
    const opened = await openings(
      async () => requestsPerSecond(demo.app, await links(), 303),
      bare.url,
      await links(BARE_LINKS),
      () => requestsPerSecond(framework.url, [{ path: '/empty' }], 303),
    )
    const bareFlows = (await openFlows(stage, bare.url, 1)).map((flow) => ({ ...flow, path: '/prompt' }))
    const shown = await inTurns(ROUNDS, {
      ours: () => requestsPerSecond(demo.app, flows, 200),
      bare: () => requestsPerSecond(bare.url, bareFlows, 200),
    })
    const pace = opened.ours / 2
    const waits = await steadily(demo.app, await links(), pace, EVEN_SECONDS)
    const collections = await probe.collections()
    // At half of the load, requests that pile up during a collection take about as long again. Leave out twice that time.
    const undisturbed = waits.filter(([due, answered]) =>
      collections.every(([begun, finished]) => answered < begun || finished + 2 * (finished - begun) < due),
    )
    const half = latencyOf(waits)
    const emptyHalf = latencyOf(await steadily(framework.url, [{ path: '/empty' }], pace, EVEN_SECONDS))
    const loading = requestsPerSecond(demo.app, await links(), 303)
    const shares = sharesOf(await probe.profile((LOAD_SECONDS - 1) * 1000))
    await loading
    const bareName = 'bare `node:http`, same cryptography'
    return {
      figures: [
        {
          name: 'requests a second of `/link`',
          ours: opened.ours,
          unit: '/s',
          other: { name: bareName, value: opened.bare },
          target: { of: 'ratio', least: 0.3 },
        },
        {
          name: 'the same',
          ours: opened.ours,
          unit: '/s',
          other: { name: 'an empty route handler', value: opened.empty },
        },
        {
          name: 'an empty route handler',
          ours: opened.empty,
          unit: '/s',
          other: { name: bareName, value: opened.bare },
        },
        {
          name: 'requests a second of the prompt',
          ours: shown.ours,
          unit: '/s',
          other: { name: `${bareName}, same document ready made`, value: shown.bare },
        },
        {
          name: '99th percentile of `/link` at half of that load',
          ours: half.p99,
          unit: 'ms',
          other: { name: 'its median', value: half.median },
          target: { of: 'ratio', most: 3 },
        },
        {
          name: 'the same of requests that no full collection of garbage held up',
          ours: latencyOf(undisturbed).p99,
          unit: 'ms',
          other: { name: 'the median of all', value: half.median },
        },
        {
          name: 'the same of an empty route handler, at the same pace',
          ours: emptyHalf.p99,
          unit: 'ms',
          other: { name: 'its median', value: emptyHalf.median },
        },
      ],
      shares,
    }
  } finally {
    await framework.close()
    await bare.close()
  }
}

/**
 * Measures in turns how many openings of a flow each server answers. Only this call holds the addresses for the bare
 * server, so that the measurement at an even pace has no large heap to collect.
 */
function openings(
  ours: () => Promise<number>,
  bareUrl: string,
  bareLinks: Asked[],
  empty: () => Promise<number>,
) {
  const bare = async () => {
    await fetch(`${bareUrl}/forget`)
    return requestsPerSecond(bareUrl, bareLinks, 303)
  }
  return inTurns(ROUNDS, { ours, bare, empty })
}

/** Opens flows as browsers would. */
async function openFlows({ newLinks, demo }: Stage, origin: string, count: number): Promise<Asked[]> {
  const flows: Asked[] = []
  for (const link of await newLinks(count)) {
    const opened = await fetch(`${origin}${link.slice(demo.app.length)}`, { redirect: 'manual' })
    const { pathname, search } = new URL(opened.headers.get('location') ?? '', origin)
    const [cookie = ''] = opened.headers.getSetCookie()
    flows.push({ path: `${pathname}${search}`, headers: { cookie: cookie.split(';')[0] ?? '' } })
  }
  return flows
}

const documentOf = async (origin: string, { path, headers = {} }: Asked = { path: '' }) =>
  (await fetch(`${origin}${path}`, { headers })).text()
