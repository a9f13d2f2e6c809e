import type { FullConfig } from '@playwright/test'
import { ensureBuilt } from '../../../scripts/lib/build.mjs'
import { type Demo, startDemo } from '../../../scripts/lib/demo-world.mjs'

/** Addresses of a running demo, as workers receive them. */
export type DemoAddresses = Pick<Demo, 'app' | 'tenant' | 'tls' | 'other' | 'ca'>

/** The environment variable with the addresses, which workers inherit. */
export const DEMOS_VARIABLE = 'E2E_DEMOS'

const TLS = { appTls: true, tenantTlsLogin: true }
/**
 * The tenant is always on `localhost`. An application on that name is on the same site; one on the IP address is not,
 * and browsers also treat an application without TLS as another site than one with TLS. The project without TLS is what
 * `npm run demo` starts by default.
 */
const DEMOS = {
  'same-site': { appHost: 'localhost', ...TLS },
  'cross-site': { appHost: '127.0.0.1', ...TLS },
  'without-tls': { appHost: 'localhost' },
}

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

/** Starts a demo for each project of the Playwright configuration. The returned function ends them. */
export default async function startDemos({ projects }: FullConfig): Promise<() => Promise<void>> {
  await ensureBuilt()
  const demos: Record<string, Demo> = {}
  const names = projects.map(({ name }) => name)
  for (const [project, options] of Object.entries(DEMOS).filter(([name]) => names.includes(name)))
    demos[project] = await startDemo({ ...ANYWHERE, ...options })
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
