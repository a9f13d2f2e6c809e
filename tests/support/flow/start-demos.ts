import type { FullConfig } from '@playwright/test'
import { startApp } from '../../../scripts/lib/app-process.mjs'
import { ensureBuilt } from '../../../scripts/lib/build.mjs'
import { type Demo, startDemo } from '../../../scripts/lib/demo-world.mjs'
import { DEPLOYED_NODE, findNode } from '../../../scripts/lib/node.mjs'
import { startRedis, type TestRedis } from './redis'

/** The URLs of a running demo, and the path of its certificate authority. Playwright's workers receive these. */
export type DemoAddresses = Pick<Demo, 'app' | 'tenant' | 'tls' | 'other' | 'ca'>

/** The environment variable through which workers receive the {@link DemoAddresses} of each project, as JSON. */
export const DEMOS_VARIABLE = 'E2E_DEMOS'

const TLS = { appTls: true, tenantTlsLogin: true }
/**
 * The demo of each Playwright project. The tenant is always on `localhost`. An application on `localhost` is on the same
 * site as the tenant, one on the IP address is not. Browsers also treat URLs with and without TLS as different sites.
 * `without-tls` is what `npm run demo` starts by default; its application runs on the Node.js of Vercel and of the container
 * image. The console needs Redis to pause offers and to count the funnel.
 */
const DEMOS = {
  'same-site': { appHost: 'localhost', ...TLS },
  'cross-site': { appHost: '127.0.0.1', ...TLS },
  'without-tls': { appHost: 'localhost', node: DEPLOYED_NODE },
  console: { appHost: 'localhost', ...TLS, env: { OPERATOR_LINKS: 'on' }, hasRedis: true },
}

/** How the demo of a project differs from others. */
interface DemoOfProject {
  appHost: string
  appTls?: boolean
  tenantTlsLogin?: boolean
  /** Variables to add to the application's environment. */
  env?: Record<string, string>
  /** Major version of the Node.js to run the application on. If it is not available, the current Node.js is used. */
  node?: number
  /** Whether the application has a Redis. */
  hasRedis?: boolean
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

/** Starts a demo for each project of the Playwright configuration. The returned function stops the demos. */
export default async function startDemos({ projects }: FullConfig): Promise<() => Promise<void>> {
  await ensureBuilt()
  const demos: Record<string, Demo> = {}
  const names = projects.map(({ name }) => name)
  let redis: TestRedis | undefined
  for (const [project, { env, hasRedis, node, ...options }] of Object.entries<DemoOfProject>(DEMOS)) {
    if (!names.includes(project)) continue
    redis = hasRedis ? await startRedis() : redis
    const variables = { ...env, ...(hasRedis && redis && { REDIS_URL: redis.url }) }
    const program = node && findNode(node)
    const start: typeof startApp = (given) => startApp({ ...given, ...(program && { node: program }) })
    demos[project] = await startDemo({ ...ANYWHERE, ...options, env: variables, start })
  }
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
    await redis?.stop()
  }
}
