import { startApp } from '../../../../scripts/lib/app-process.mjs'
import { freePort } from '../../../../scripts/lib/options.mjs'
import { FlowBrowser } from '../../../support/browser/flow-browser'
import { startFlowDemo } from '../../../support/flow/demo'
import { Flow } from '../../../support/flow/flow'
import { startRedis } from '../../../support/flow/redis'
import { PAGE, Settings } from '../../../support/flow/settings'
import { aPerson, aSmallTenant } from '../built-action'
import type { Findings } from '../figure'
import type { Stage } from '../stage'

const LOGINS = 1_000
const COLD_STARTS = 200
/** Enough people that no session views the page more often than its limit allows. */
const PEOPLE = ['ann', 'bea', 'dee', 'eve', 'ivo']
const PROCESSES = 4

/** Token requests of the machine-to-machine client. Auth0 counts them, and plans have a quota. */
export async function tokens({ flow, demo }: Stage): Promise<Findings> {
  await flow.tenant.reset()
  const people = await Promise.all(PEOPLE.map((name) => signedIn(flow, `${name}@example.com`)))
  await demo.crashApp()
  const before = await tokenRequests(flow)
  await Promise.all(
    Array.from({ length: COLD_STARTS }, (_unused, index) =>
      view(flow.demo.app, people[index % people.length] ?? ''),
    ),
  )
  const cold = (await tokenRequests(flow)) - before
  return {
    figures: [
      {
        name: 'token requests for 1,000 logins over a day, each with a lookup',
        ours: await tokensOfADay(),
        unit: 'requests',
        other: { name: 'one an hour', value: 24 },
        target: { of: 'ours', most: 2 },
      },
      {
        name: 'token requests for 200 views at once, of a process that has just started',
        ours: cold,
        unit: 'requests',
        other: { name: 'one a view', value: COLD_STARTS },
        target: { of: 'ours', most: 1 },
      },
      {
        name: 'token requests of four processes that have just started and share Redis',
        ours: await tokensOfInstances(),
        unit: 'requests',
        other: { name: 'one a process', value: PROCESSES },
        target: { of: 'ours', most: 1 },
      },
    ],
  }
}

/**
 * The token requests if {@link LOGINS} people log in at even intervals within a day, each with a lookup. A token lives a
 * day.
 */
async function tokensOfADay(): Promise<number> {
  const tenant = aSmallTenant()
  for (let login = 0; login < LOGINS; login += 1) {
    const person = aPerson(login)
    tenant.people.push(person)
    await tenant.logIn(person)
    if (!person.app_metadata.account_linking) throw new Error('the Action made no lookup')
    tenant.now += (24 * 3600 * 1000) / LOGINS
  }
  return tenant.tokens
}

async function tokensOfInstances(): Promise<number> {
  const redis = await startRedis()
  const demo = await startFlowDemo({ env: { REDIS_URL: redis.url } })
  const others: Awaited<ReturnType<typeof startApp>>[] = []
  try {
    const flow = new Flow(demo)
    const dee = await signedIn(flow, 'dee@example.com')
    await redis.empty()
    await demo.crashApp()
    const addresses = [demo.app]
    for (let count = 1; count < PROCESSES; count += 1) {
      const port = await freePort(0, false)
      const env = { ...process.env, ...demo.env, NODE_ENV: 'production' } as Record<string, string>
      others.push(await startApp({ port, env, onExit: (output) => console.error(output) }))
      addresses.push(`http://localhost:${port}`)
    }
    const before = await tokenRequests(flow)
    await Promise.all(addresses.map((address) => view(address, dee)))
    return (await tokenRequests(flow)) - before
  } finally {
    for (const other of others) await other.close()
    await demo.close()
    await redis.stop()
  }
}

/** The cookies of a person who has signed in to the page. */
async function signedIn(flow: Flow, email: string): Promise<string> {
  const browser = new FlowBrowser()
  await new Settings(flow, browser).open(email)
  return browser.jar.getCookieString(flow.demo.app)
}

async function view(app: string, cookie: string): Promise<void> {
  const { status } = await fetch(`${app}${PAGE}`, { headers: { cookie }, redirect: 'manual' })
  if (status !== 200) throw new Error(`the page answered ${status}`)
}

const tokenRequests = async ({ tenant }: Flow) =>
  (await tenant.ledger()).filter(
    ({ path, client_id }) => path === '/oauth/token' && client_id === 'linking-m2m',
  ).length
