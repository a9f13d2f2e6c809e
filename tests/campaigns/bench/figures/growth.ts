import { POLICY_OPTIONS, parseUser, prepareLink, readOptions } from '../../../../core'
import { FlowBrowser } from '../../../support/browser/flow-browser'
import { PASSWORD_ANN } from '../../../support/flow/flow'
import { PAGE, Settings } from '../../../support/flow/settings'
import { aPerson } from '../built-action'
import { type Curve, type Findings, median, timed } from '../figure'
import type { Stage } from '../stage'

const TIMES = 30

/** How three costs grow: with the candidates of a login, the identities of an account, and the bytes of its metadata. */
export async function growth(stage: Stage): Promise<Findings> {
  return { curves: [await byCandidates(stage), await byIdentities(stage), await byMetadata()] }
}

async function byCandidates({ newLinks }: Stage): Promise<Curve> {
  const cost = async (count: number) => {
    const candidate_identities = Array.from({ length: count }, (_unused, index) => ({
      ...PASSWORD_ANN,
      user_id: `auth0|candidate-${index}`,
      stays: 'candidate',
      carried: 1,
    }))
    return medianOf(await newLinks(TIMES, { candidate_identities }), async (link) => {
      const { status } = await fetch(link, { redirect: 'manual' })
      if (status !== 303) throw new Error(`/link answered ${status}`)
    })
  }
  return { name: '`/link`', of: 'candidates', unit: 'ms', points: await pointsOf([1, 2, 4, 6, 8, 10], cost) }
}

async function byIdentities({ flow, demo }: Stage): Promise<Curve> {
  const cost = async (count: number) => {
    await demo.crashApp()
    const identities = Array.from({ length: count }, (_unused, index) => ({
      ...(index === 0
        ? { provider: 'auth0', user_id: 'dee', connection: 'Username-Password-Authentication' }
        : { provider: 'github', user_id: `${index}`, connection: 'github' }),
    }))
    const { users } = await flow.tenant.world()
    await flow.tenant.reset({
      users: users.map((user) => (user.user_id === 'auth0|dee' ? { ...user, identities } : user)),
    })
    const dee = new Settings(flow, new FlowBrowser())
    await dee.open('dee@example.com')
    return medianOf(Array.from({ length: TIMES }), async () => {
      const { status } = await dee.view()
      if (status !== 200) throw new Error(`${PAGE} answered ${status}`)
    })
  }
  return {
    name: '"Sign-in methods"',
    of: 'linked identities',
    unit: 'ms',
    points: await pointsOf([1, 10, 20, 30, 40, 50], cost),
  }
}

async function byMetadata(): Promise<Curve> {
  const policy = { ...readOptions(POLICY_OPTIONS, () => undefined).values, trusted: ['auth0'] }
  const cost = async (bytes: number) => {
    const fields = Math.floor(bytes / 30)
    const user_metadata = Object.fromEntries(
      Array.from({ length: fields }, (_unused, index) => [`field-${index}`.padEnd(10), 'x'.repeat(14)]),
    )
    const [primary, secondary] = [aPerson(1), { ...aPerson(2), user_metadata }].map((user) => parseUser(user))
    if (!primary || !secondary) throw new Error('no users')
    const proof = { way: 'login', client_id: 'demo-app' }
    return medianOf(Array.from({ length: 20 * TIMES }), () =>
      prepareLink(primary, secondary, policy, 1_800_000_000, proof),
    )
  }
  return {
    name: 'working out what is carried over and kept',
    of: 'bytes of metadata',
    unit: 'ms',
    points: await pointsOf([0, 500, 1000, 1500, 2000, 2500, 3000], cost),
  }
}

async function pointsOf(sizes: number[], cost: (size: number) => Promise<number>): Promise<Curve['points']> {
  const points: Curve['points'] = []
  for (const size of sizes) points.push([size, await cost(size)])
  return points
}

/** Median time per item, in milliseconds, without the first third of the items, which warms the process up. */
async function medianOf<Item>(items: Item[], work: (item: Item) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (const item of items) times.push(await timed(() => work(item)))
  return median(times.slice(Math.floor(items.length / 3)))
}
