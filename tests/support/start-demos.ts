import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { type Demo, startDemo } from '../../scripts/lib/demo-world.mjs'

/** Addresses of a running demo, as workers get them. */
export type DemoAddresses = Pick<Demo, 'app' | 'tenant' | 'tls' | 'other' | 'ca'>

/** Where the addresses stand, in the environment that workers inherit. */
export const DEMOS_VARIABLE = 'E2E_DEMOS'

// The tenant is on `localhost` either way: an application there is on the same site with it, one on the number is not.
const HOSTS = { 'same-site': 'localhost', 'cross-site': '127.0.0.1' }

const FREE = { value: 0, asked: false }
const ANYWHERE = {
  appPort: FREE,
  tenantPort: FREE,
  tenantTlsPort: FREE,
  otherPort: FREE,
  actions: [],
  secretsFile: undefined,
  worldFile: undefined,
}

/** Starts a demo for each project of the Playwright configuration; what it returns ends them. */
export default async function startDemos(): Promise<() => Promise<void>> {
  await ensureBuilt()
  const demos: Record<string, Demo> = {}
  for (const [project, appHost] of Object.entries(HOSTS))
    demos[project] = await startDemo({ ...ANYWHERE, appHost })
  process.env[DEMOS_VARIABLE] = JSON.stringify(
    Object.fromEntries(
      Object.entries(demos).map(([project, { app, tenant, tls, other, ca }]) => [
        project,
        { app, tenant, tls, other, ca },
      ]),
    ),
  )
  return async () => {
    for (const demo of Object.values(demos)) await demo.close()
  }
}
